#include "maestro/answers.h"

#include <algorithm>
#include <array>
#include <string>

#include "maestro/answer_words.h"
#include "maestro/facts.h"
#include "maestro/facts_steps.h"
#include "maestro/programs.h"
#include "maestro/text.h"
#include "maestro/tool_names.h"

namespace infinium::maestro {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

template <std::size_t N>
bool starts_with_one_of(std::string_view text, const std::array<std::string_view, N>& openings) {
  return std::any_of(openings.begin(), openings.end(), [text](std::string_view opening) {
    return text.starts_with(opening);
  });
}

/// A number or a hint beside an empty list, which itself finds nothing.
bool is_frame_of_a_list(const Cell& cell) {
  constexpr auto kKeys = std::to_array<std::string_view>({"page",
                                                          "of",
                                                          "pages",
                                                          "limit",
                                                          "offset",
                                                          "per_page",
                                                          "took",
                                                          "took_ms",
                                                          "query",
                                                          "has_more"});
  return is_one_of(cell.key, kKeys) || is_count_of_hits(cell.key) || is_message_key(cell.key) ||
         is_none(fold_case(cell.value));
}

/// Whether a message beside the other members denies.
bool says_no(const Records& records) {
  constexpr std::size_t kCellsMax = 200;
  const std::size_t count = std::min(records.cells.size(), kCellsMax);
  return std::any_of(
      records.cells.begin(),
      records.cells.begin() + static_cast<std::ptrdiff_t>(count),
      [](const Cell& cell) { return is_message_key(cell.key) && denies(cell.value); });
}

class AnswerReader {
 public:
  AnswerReader(std::string_view text, const Records& records, const Call& call)
      : text_(text),
        body_(trim(text)),
        records_(records),
        call_(call),
        words_(name_words(call.tool)),
        denied_(says_no(records)) {}

  [[nodiscard]] Answer read() const {
    if (const auto words = error_words(text_)) {
      return {AnswerState::refused, words->start, words->end};
    }
    if (const auto words = runs_a_program(call_.tool) && !records_.structured
                               ? program_failure(call_.input, text_)
                               : std::nullopt) {
      return {AnswerState::refused, words->start, words->end};
    }
    for (const auto find : {&AnswerReader::refusal_in_cells,
                            &AnswerReader::partial_refusal,
                            &AnswerReader::refusal_in_list_of_errors,
                            &AnswerReader::nothing_changed,
                            &AnswerReader::all_failed,
                            &AnswerReader::refusal_in_prose,
                            &AnswerReader::waiting,
                            &AnswerReader::nothing_found}) {
      if (const Answer answer = (this->*find)(); answer.state != AnswerState::plain) {
        return answer;
      }
    }
    return {};
  }

 private:
  /// The answer as a whole, not one of the things that it lists.
  [[nodiscard]] bool is_own(const Cell& cell) const {
    return cell.record == 0 && !body_.starts_with('[');
  }
  /// A key with its value, as the words that say so.
  [[nodiscard]] Answer at(AnswerState state, const Cell& cell) const {
    constexpr std::size_t kBytesMax = 300;
    constexpr std::size_t kKeyReach = 64;
    const std::size_t from = cell.start < kKeyReach ? 0 : cell.start - kKeyReach;
    const std::string before = fold_case(text_.substr(from, cell.start - from));
    const bool plain = before.size() == cell.start - from;  // else folding moved the bytes
    const std::size_t key = cell.key.empty() || !plain ? std::string::npos : before.rfind(cell.key);
    std::size_t start = key == std::string::npos ? cell.start : from + key;
    start -= start > 0 && (text_[start - 1] == '"' || text_[start - 1] == '\'') ? 1u : 0u;
    const std::size_t line = std::min(text_.find('\n', cell.end), text_.size());
    return {state, start, start + prefix_of(text_.substr(start, line - start), kBytesMax).size()};
  }
  [[nodiscard]] bool is_echo(const Cell& cell) const {
    return std::any_of(call_.arguments.begin(), call_.arguments.end(), [&](const auto& argument) {
      return argument.value == cell.value;
    });
  }
  [[nodiscard]] bool is_promised(std::string_view state) const {
    constexpr auto kUndoing =
        std::to_array<std::string_view>({"rollback", "revert", "abort", "undo", "cancel"});
    const bool undoes = std::any_of(words_.begin(), words_.end(), [&](const std::string& word) {
      return is_one_of(word, kUndoing);
    });
    return (undoes && state.starts_with("rolled")) ||
           std::any_of(words_.begin(), words_.end(), [state](const std::string& word) {
             return word.size() >= 4 && (same_stem(word, state) || same_stem(state, word));
           });
  }
  [[nodiscard]] bool is_deed_of_the_call(std::string_view key) const {
    return std::any_of(words_.begin(), words_.end(), [key](const std::string& word) {
      return word.size() >= 4 && same_stem(word, key);
    });
  }
  [[nodiscard]] bool has_deed_of_the_call(std::string_view key) const {
    const std::vector<std::string> parts = name_words(key);
    return std::any_of(parts.begin(), parts.end(), [this](const std::string& part) {
      return part.size() >= 4 && std::find(words_.begin(), words_.end(), part) != words_.end();
    });
  }
  [[nodiscard]] bool speaks_of_the_call() const { return call_.changes || call_.own_job; }

  [[nodiscard]] bool refuses(const Cell& cell, const std::string& value) const {
    constexpr std::size_t kErrorOfALookWithin = 48;
    if (is_success_key(cell.key)) {
      return value == "false" && (is_own(cell) || call_.changes);
    }
    if (is_error_key(cell.key)) {
      if (!call_.changes && says_nothing_found(value)) {
        return false;  // that is the answer
      }
      const bool early = cell.start - offset() < kErrorOfALookWithin;
      return is_own(cell) && !is_none(value) && !cell.is_number && (!call_.looks || early);
    }
    if (call_.looks && !call_.own_job) {
      return cell.key == "status" && value == "error" && is_own(cell);
    }
    if (value == "false" && makes_a_draft(call_.tool) && !is_deed_of_the_call(cell.key)) {
      return false;  // it is not sent yet, and was not to be
    }
    if (value == "false" &&
        (is_deed(cell.key) || is_plain_deed(cell.key) || is_deed_of_the_call(cell.key))) {
      const bool handed = cell.key == "delivered" && names_a_delivery(call_.tool);
      const bool sure =
          call_.changes && (is_deed_of_the_call(cell.key) || is_plain_deed(cell.key) || handed);
      return sure || denied_;
    }
    if (value == "false" && call_.changes && denied_ && has_deed_of_the_call(cell.key)) {
      return true;  // {"reset_required": false, "warning": "nothing changed"}
    }
    if (is_outcome_key(cell.key) && value.size() <= 40 && is_failing_state(value)) {
      const bool sure = speaks_of_the_call() || denied_;
      return sure && !is_echo(cell) && !is_promised(value);
    }
    const bool deed =
        cell.key == "id" || cell.key == "result" ||
        (is_deed(cell.key) || is_plain_deed(cell.key) || is_deed_of_the_call(cell.key));
    return is_own(cell) && deed && (value == "null" || value == "none") && denied_;
  }

  [[nodiscard]] Answer refusal_in_cells() const {
    constexpr std::size_t kCellsMax = 400;
    const std::size_t count = std::min(records_.cells.size(), kCellsMax);
    for (std::size_t i = 0; i < count; ++i) {
      const Cell& cell = records_.cells[i];
      constexpr std::size_t kValueMax = 400;
      if (cell.value.size() <= kValueMax && refuses(cell, fold_case(cell.value))) {
        return at(AnswerState::refused, cell);
      }
    }
    return {};
  }

  /// {"accepted": true, "warnings": ["attachment a.pdf removed: scanner offline"]}: what was handed
  /// in is named, and that it did not go along.
  [[nodiscard]] Answer partial_refusal() const {
    constexpr std::size_t kCellsMax = 60;
    constexpr std::size_t kValueMin = 4;
    if (!call_.changes) {
      return {};
    }
    for (std::size_t i = 0; i < std::min(records_.cells.size(), kCellsMax); ++i) {
      const Cell& cell = records_.cells[i];
      const bool warns = cell.key == "warning" || cell.key == "warnings" || cell.key == "skipped" ||
                         cell.key == "dropped" || cell.key == "hinweise" || cell.key == "avisos" ||
                         cell.key == "警告";
      constexpr auto kGone = std::to_array<std::string_view>(
          {"removed",  "stripped",     "dropped",     "ignored",   "skipped",
           "not sent", "not attached", "not applied", "not saved", "failed",
           "rejected", "entfernt",     "ignoriert",   "verworfen", "eliminado",
           "omitido",  "ignorado",     "除外",        "削除",      "無視"});
      const std::string folded = warns ? fold_case(prefix_of(cell.value, 300)) : std::string();
      const bool gone = std::any_of(kGone.begin(), kGone.end(), [&folded](std::string_view word) {
        return folded.find(word) != std::string::npos;
      });
      const bool names =
          gone &&
          std::any_of(
              call_.arguments.begin(), call_.arguments.end(), [&folded](const Argument& argument) {
                return argument.value.size() >= kValueMin &&
                       folded.find(fold_case(argument.value)) != std::string::npos;
              });
      if (names) {
        return at(AnswerState::refused, cell);
      }
    }
    return {};
  }

  /// {"errors": [{…}]}
  [[nodiscard]] Answer refusal_in_list_of_errors() const {
    constexpr std::size_t kWithin = 48;
    constexpr std::string_view kKey = "\"errors\"";
    const std::size_t key = body_.substr(0, 400).find(kKey);
    if (!body_.starts_with('{') || key == std::string_view::npos ||
        (call_.looks && key > kWithin)) {
      return {};
    }
    const std::size_t open = body_.find_first_not_of(" :\n", key + kKey.size());
    if (open == std::string_view::npos || body_[open] != '[') {
      return {};
    }
    const std::size_t first = body_.find_first_not_of(" \n", open + 1);
    if (first == std::string_view::npos || body_[first] == ']') {
      return {};
    }
    const std::size_t start = offset() + key;
    return {AnswerState::refused, start, start + prefix_of(text_.substr(start), 300).size()};
  }

  /// {"updated": 0}
  [[nodiscard]] Answer nothing_changed() const {
    const Cell* zero = nullptr;
    for (const Cell& cell : records_.cells) {
      if (is_count_of_changes(cell.key) && cell.is_number) {
        if (cell.number > 0) {
          return {};
        }
        zero = zero == nullptr && is_own(cell) ? &cell : zero;
      }
    }
    return zero != nullptr && call_.changes ? at(AnswerState::refused, *zero) : Answer{};
  }

  /// {"moved": 0, "failed": 247}
  [[nodiscard]] Answer all_failed() const {
    const Cell* failed = nullptr;
    bool none_done = false;
    for (const Cell& cell : records_.cells) {
      if (!is_own(cell) || !cell.is_number) {
        continue;
      }
      const bool fails = cell.key == "failed" || cell.key == "rejected" || cell.key == "errored";
      failed = fails && cell.number > 0 ? &cell : failed;
      const bool done = !fails && cell.key.ends_with("ed") && cell.key.size() > 4;
      if (done && cell.number > 0) {
        return {};
      }
      none_done = none_done || done;
    }
    return failed != nullptr && none_done && !call_.looks ? at(AnswerState::refused, *failed)
                                                          : Answer{};
  }

  /// "INSERT INTO …": a statement that writes.
  static bool writes_rows(std::string_view input) {
    const std::string head = fold_case(prefix_of(trim(input), 16));
    constexpr auto kStatements =
        std::to_array<std::string_view>({"insert into", "update ", "delete from", "merge into"});
    return starts_with_one_of(head, kStatements);
  }

  [[nodiscard]] Answer refusal_in_prose() const {
    constexpr std::size_t kProseMax = 300;
    const bool acts = call_.changes || writes_rows(call_.input);
    if (!acts || records_.structured || body_.empty() || body_.size() > kProseMax) {
      return {};
    }
    const std::string folded = fold_case(body_);
    constexpr auto kFine = std::to_array<std::string_view>(
        {"no error", "no problem", "no issue", "no conflict", "no warning", "nothing to commit"});
    constexpr auto kOpenings = std::to_array<std::string_view>(
        {"not ",       "no ",     "could not", "cannot",   "can't",  "unable",    "refused",
         "rejected",   "denied",  "declined",  "nothing ", "0 rows", "update 0",  "delete 0",
         "insert 0 0", "blocked", "nicht ",    "kein",     "fehl",   "abgelehnt", "no se ",
         "rechaz",     "échec",   "refus",     "não ",     "失敗",   "エラー"});
    constexpr auto kParts = std::to_array<std::string_view>({"0 rows",
                                                             "no rows",
                                                             "nothing was",
                                                             "no changes were",
                                                             "could not be",
                                                             "was not ",
                                                             "were not ",
                                                             "not been "});
    const bool part = std::any_of(kParts.begin(), kParts.end(), [&folded](std::string_view words) {
      return folded.find(words) != std::string::npos;
    });
    if (starts_with_one_of(folded, kFine) || (!part && !starts_with_one_of(folded, kOpenings))) {
      return {};
    }
    return {AnswerState::refused, offset(), offset() + body_.size()};
  }

  [[nodiscard]] Answer waiting() const {
    for (const Cell& cell : records_.cells) {
      if (is_own(cell) && is_outcome_key(cell.key) && cell.value.size() <= 48 &&
          is_waiting_state(fold_case(cell.value)) && !is_echo(cell)) {
        return at(AnswerState::waiting, cell);
      }
    }
    return {};
  }

  [[nodiscard]] Answer nothing_found() const {
    constexpr std::size_t kShort = 120;
    const Answer all{AnswerState::nothing, offset(), offset() + body_.size()};
    const std::string folded = body_.size() <= kShort ? fold_case(body_) : std::string();
    constexpr auto kEmpty = std::to_array<std::string_view>(
        {"[]", "{}", "null", "none", "()", "''", "\"\"", "(0 rows)", "-", "empty"});
    constexpr auto kOpenings = std::to_array<std::string_view>(
        {"no result",      "no match", "no record",     "no entr",     "no hit",    "no row",
         "no data",        "no such",  "no file",       "no document", "not found", "nothing",
         "0 result",       "0 match",  "0 hit",         "0 rows",      "keine ",    "nichts ",
         "sin result",     "no hay",   "no se encontr", "aucun",       "nenhum",    "該当",
         "見つかりません", "0件",      "没有",          "未找到"});
    if (!folded.empty() && (is_one_of(folded, kEmpty) || starts_with_one_of(folded, kOpenings))) {
      return all;
    }
    if (records_.cells.size() > 40) {
      return {};
    }
    bool has_more = false;
    for (const Cell& cell : records_.cells) {
      if (is_own(cell) && is_count_of_hits(cell.key) && is_none(fold_case(cell.value))) {
        return at(AnswerState::nothing, cell);
      }
      has_more = has_more || !(is_frame_of_a_list(cell) || is_echo(cell));
    }
    const bool empty_list =
        body_.find("[]") != std::string_view::npos || body_.find("{}") != std::string_view::npos;
    constexpr std::size_t kListed = 300;
    return empty_list && !has_more && body_.size() <= kListed ? all : Answer{};
  }

  [[nodiscard]] std::size_t offset() const {
    return body_.empty() ? 0 : static_cast<std::size_t>(body_.data() - text_.data());
  }

  std::string_view text_;
  std::string_view body_;
  const Records& records_;
  const Call& call_;
  std::vector<std::string> words_;
  bool denied_;  ///< a message beside the other members says no
};

}  // namespace

bool denies(std::string_view text) {
  constexpr std::size_t kTextMax = 400;
  const std::string folded = fold_case(prefix_of(text, kTextMax));
  constexpr auto kWords = std::to_array<std::string_view>({"not",
                                                           "no",
                                                           "cannot",
                                                           "can't",
                                                           "nothing",
                                                           "none",
                                                           "unable",
                                                           "never",
                                                           "without",
                                                           "nicht",
                                                           "kein",
                                                           "keine",
                                                           "keinen",
                                                           "ohne",
                                                           "pas",
                                                           "não",
                                                           "sin",
                                                           "ninguna",
                                                           "ningún"});
  constexpr auto kStems = std::to_array<std::string_view>(
      {"fail",     "reject",       "refus",       "denied",    "declin",     "block",
       "locked",   "lock",         "expired",     "invalid",   "missing",    "error",
       "unknown",  "exceed",       "forbid",      "unavailab", "conflict",   "abort",
       "disabled", "insufficient", "closed",      "requires",  "full",       "fehl",
       "gesperrt", "abgelehnt",    "ungültig",    "verweiger", "abgelaufen", "unbekannt",
       "rechaz",   "bloque",       "insuficient", "caduc",     "denega",     "inválid",
       "desconoc", "échou",        "échec",       "impossib",  "expiré",     "recusad",
       "falh"});
  for (const Word& word : find_words(folded)) {
    const std::string_view said =
        std::string_view(folded).substr(word.start, word.end - word.start);
    if (is_one_of(said, kWords) || starts_with_one_of(said, kStems)) {
      return true;
    }
  }
  constexpr auto kParts = std::to_array<std::string_view>({"できません",
                                                           "失敗",
                                                           "エラー",
                                                           "無効",
                                                           "不可",
                                                           "拒否",
                                                           "期限切れ",
                                                           "ません",
                                                           "失败",
                                                           "错误",
                                                           "无法",
                                                           "不能"});
  return std::any_of(kParts.begin(), kParts.end(), [&folded](std::string_view part) {
    return folded.find(part) != std::string::npos;
  });
}

Answer read_answer(std::string_view text, const Records& records, const Call& call) {
  return AnswerReader(text, records, call).read();
}

}  // namespace infinium::maestro
