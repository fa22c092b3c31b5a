#include "maestro/findings/list_columns.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

#include "maestro/text.h"

namespace infinium::maestro {

bool is_id_column(const ListColumn& column) {
  const std::vector<std::string> words = name_words(column.key);
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word == "id" || word == "no" || word == "number" || word == "nr" || word == "code";
  });
}

bool is_of_another_sort(const ListColumn& column, const std::unordered_set<std::size_t>& out) {
  std::unordered_set<std::string_view> kept;
  for (std::size_t i = 0; i < column.cells.size(); ++i) {
    if (!out.contains(i)) {
      kept.insert(column.cells[i]->value);
    }
  }
  const std::size_t all = column.cells.size() - out.size();
  return !column.cells.front()->is_number && all >= 3 && kept.size() * 2 <= all &&
         std::all_of(out.begin(), out.end(), [&](std::size_t i) {
           return !kept.contains(column.cells[i]->value);
         });
}

bool is_marked(const ListColumn& column, const std::vector<std::size_t>& missing) {
  constexpr auto kMarks = std::to_array<std::string_view>(
      {"void",    "dupl",   "test",    "cancel",   "do not", "don't",    "closed",  "inactive",
       "retired", "legacy", "draft",   "reject",   "exclu",  "obsolet",  "invalid", "withdrawn",
       "expired", "storn",  "doppelt", "ungültig", "anulad", "cancelad", "prueba",  "重複",
       "取消",    "無効",   "n/a",     "not ",     "nicht",  "kein",     "no "});
  return std::all_of(missing.begin(), missing.end(), [&](std::size_t i) {
    const std::string folded = fold_case(prefix_of(column.cells[i]->value, 200));
    return std::any_of(kMarks.begin(), kMarks.end(), [&folded](std::string_view mark) {
      return folded.find(mark) != std::string::npos;
    });
  });
}

std::vector<std::string> own_words(std::span<const ListColumn* const> columns, std::size_t record) {
  constexpr std::size_t kWordMin = 4;
  std::vector<std::string> words;
  for (const ListColumn* other : columns) {
    const Cell& cell = *other->cells[record];
    if (cell.value.size() > 120) {
      continue;
    }
    for (const Word& word : find_words(cell.value)) {
      const std::string folded =
          fold_case(std::string_view(cell.value).substr(word.start, word.end - word.start));
      const bool shared = folded.size() < kWordMin ||
                          std::any_of(
                              other->cells.begin(),
                              other->cells.end(),
                              [&](const Cell* one) {
                                return one != &cell && find_folded(one->value, folded).has_value();
                              });
      if (!shared && words.size() < 40) {
        words.push_back(folded);
      }
    }
  }
  return words;
}

bool names_items(const ListColumn& column) {
  std::unordered_set<std::string_view> seen;
  return std::all_of(column.cells.begin(), column.cells.end(), [&seen](const Cell* cell) {
    return cell->value.size() >= 3 && cell->value.size() <= 60 && seen.insert(cell->value).second &&
           (!cell->is_number || cell->value.find('.') == std::string::npos);
  });
}

bool is_few(std::size_t missing, std::size_t all) {
  return missing >= 1 && missing <= std::max<std::size_t>(1, all / 4);
}

std::vector<std::size_t> missing_from(const ListColumn& column, const StepView& step) {
  std::map<std::string, std::unordered_map<std::uint64_t, std::size_t>> by_key;
  std::map<std::string, std::size_t> sizes;
  for (const Argument& argument : step.arguments) {
    const bool listed = argument.op.empty() || argument.op == "=" || argument.op == "in";
    if (argument.value.size() <= 80 && listed) {
      ++by_key[argument.key][value_key(argument.value)];
      ++sizes[argument.key];
    }
  }
  for (auto& [key, values] : by_key) {
    const std::size_t size = sizes[key];
    const std::size_t all = column.cells.size();
    if (size < 2 || size >= all || !is_few(all - size, all)) {
      continue;
    }
    std::vector<std::size_t> missing;
    for (std::size_t i = 0; i < column.cells.size(); ++i) {
      const auto found = values.find(value_key(column.cells[i]->value));
      if (found == values.end() || found->second == 0) {
        missing.push_back(i);
      } else {
        --found->second;
      }
    }
    if (missing.size() == column.cells.size() - size) {
      return missing;
    }
  }
  return {};
}

}  // namespace infinium::maestro
