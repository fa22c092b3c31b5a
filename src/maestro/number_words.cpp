#include "maestro/number_words.h"

#include <algorithm>
#include <array>

#include "maestro/text.h"
#include "maestro/word_table.h"

namespace infinium::maestro {
namespace {

struct NumberWord {
  std::string_view word;
  int number;
};

constexpr WordTable kWords(std::to_array<NumberWord>({
    {"two", 2},     {"both", 2},   {"twice", 2},    {"three", 3},   {"four", 4},   {"five", 5},
    {"six", 6},     {"seven", 7},  {"eight", 8},    {"nine", 9},    {"ten", 10},   {"eleven", 11},
    {"twelve", 12}, {"dozen", 12}, {"fifteen", 15}, {"twenty", 20}, {"zwei", 2},   {"beide", 2},
    {"beiden", 2},  {"drei", 3},   {"vier", 4},     {"fünf", 5},    {"sechs", 6},  {"sieben", 7},
    {"acht", 8},    {"neun", 9},   {"zehn", 10},    {"elf", 11},    {"zwölf", 12}, {"dos", 2},
    {"ambos", 2},   {"ambas", 2},  {"tres", 3},     {"cuatro", 4},  {"cinco", 5},  {"seis", 6},
    {"siete", 7},   {"ocho", 8},   {"nueve", 9},    {"diez", 10},   {"once", 11},  {"doce", 12},
    {"deux", 2},    {"trois", 3},  {"quatre", 4},   {"cinq", 5},    {"sept", 7},   {"huit", 8},
    {"neuf", 9},    {"dix", 10},   {"douze", 12},   {"dois", 2},    {"duas", 2},   {"três", 3},
    {"quatro", 4},  {"sete", 7},   {"oito", 8},     {"nove", 9},    {"dez", 10},   {"doze", 12},
}));

}  // namespace

int number_word(std::string_view folded) {
  const NumberWord* found = kWords.find(folded);
  return found == nullptr ? 0 : found->number;
}

std::vector<double> number_words(std::string_view text) {
  constexpr std::size_t kMost = 32;
  constexpr std::size_t kBytesMax = 20'000;
  std::vector<double> numbers;
  text = prefix_of(text, kBytesMax);
  for (const Word& word : find_words(text)) {
    const std::string_view said = text.substr(word.start, word.end - word.start);
    if (said.size() < 2 || said.size() > 8 || numbers.size() >= kMost) {
      continue;
    }
    if (const int number = number_word(fold_case(said)); number != 0) {
      numbers.push_back(number);
    }
  }
  return numbers;
}

}  // namespace infinium::maestro
