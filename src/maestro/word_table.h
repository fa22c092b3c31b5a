#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace infinium::maestro {

/// A fixed list of words, each with what it stands for: entries have a member `word`. Most words of
/// a trace are in none of the lists, so a look at the first byte and the length turns them away
/// before any comparison. Built at compile time; of equal words the first entry stays.
template <class Entry, std::size_t N>
class WordTable {
 public:
  consteval explicit WordTable(std::array<Entry, N> entries) : entries_(entries) {
    for (std::size_t i = 1; i < N; ++i) {
      for (std::size_t j = i; j > 0 && entries_[j].word < entries_[j - 1].word; --j) {
        std::swap(entries_[j], entries_[j - 1]);
      }
    }
    for (const Entry& entry : entries_) {
      lengths_[first_of(entry.word)] |= length_bit(entry.word);
    }
  }

  /// Whether a word could be in the list once it is folded (fold_case), by its first byte and
  /// length.
  [[nodiscard]] constexpr bool may_hold(std::string_view unfolded) const {
    if (unfolded.empty()) {
      return false;
    }
    const char first = unfolded.front();
    const char lower = first >= 'A' && first <= 'Z' ? static_cast<char>(first + 32) : first;
    const std::uint32_t lengths = lengths_[static_cast<unsigned char>(lower)];
    return (lengths & length_bit(unfolded)) != 0 || static_cast<unsigned char>(first) >= 0x80;
  }

  /// The entry of that word, as it is written in the list; null if it has none.
  [[nodiscard]] constexpr const Entry* find(std::string_view word) const {
    if (word.empty() || (lengths_[first_of(word)] & length_bit(word)) == 0) {
      return nullptr;
    }
    const auto found = std::lower_bound(
        entries_.begin(), entries_.end(), word, [](const Entry& entry, std::string_view sought) {
          return entry.word < sought;
        });
    return found != entries_.end() && found->word == word ? &*found : nullptr;
  }

 private:
  static constexpr std::size_t first_of(std::string_view word) {
    return static_cast<unsigned char>(word.front());
  }
  static constexpr std::uint32_t length_bit(std::string_view word) {
    return 1u << std::min<std::size_t>(word.size(), 31);
  }

  std::array<Entry, N> entries_;
  std::array<std::uint32_t, 256> lengths_{};  ///< bit n: a word of n bytes begins with that byte
};

/// A word that stands for nothing but itself.
struct ListedWord {
  std::string_view word;
};

/// A table of such words: `constexpr auto kWords = word_set({"not", "never"});`
template <std::size_t N>
consteval WordTable<ListedWord, N> word_set(const std::string_view (&words)[N]) {
  std::array<ListedWord, N> entries;
  for (std::size_t i = 0; i < N; ++i) {
    entries[i].word = words[i];
  }
  return WordTable<ListedWord, N>(entries);
}

}  // namespace infinium::maestro
