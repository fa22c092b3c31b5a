#include "maestro/facts_statements.h"

#include <algorithm>
#include <array>

#include "maestro/text.h"
#include "maestro/text_numbers.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kStatementsMax = 2'000;
constexpr std::size_t kBytesMax = 400'000;
constexpr std::size_t kClaimsMax = 20'000;

/// Whether the dot at `dot` ends no sentence: "2.5", "Dr. Abara", "No. 7", "approx. 30", "3. Mai".
bool is_inner_dot(std::string_view text, std::size_t dot, std::size_t to) {
  std::size_t next = dot + 1;
  if (next < to && !is_space(text[next]) &&
      std::string_view("\"')\\*_\xE2").find(text[next]) == std::string_view::npos) {
    return true;
  }
  while (next < to && text[next] == ' ') {
    ++next;
  }
  if (next < to && is_lower(text[next])) {
    return true;
  }
  std::size_t begin = dot;
  while (begin > 0 &&
         (is_alnum(text[begin - 1]) || static_cast<unsigned char>(text[begin - 1]) >= 0x80)) {
    --begin;
  }
  const std::string word = fold_case(text.substr(begin, dot - begin));
  constexpr std::array<std::string_view, 22> kShort = {
      "dr", "mr",  "mrs", "ms", "prof",   "no", "nr",  "st",  "sr",  "sra", "hr",
      "fr", "art", "abs", "vs", "approx", "ca", "inc", "ltd", "núm", "ref", "z"};
  const bool number =
      !word.empty() && word.size() <= 2 && std::all_of(word.begin(), word.end(), is_digit);
  const bool letter = word.size() == 1 && is_letter(word.front());
  return number || letter || std::find(kShort.begin(), kShort.end(), word) != kShort.end();
}

/// Bytes of the mark at `pos` that ends a sentence; 0 if none does.
std::size_t sentence_end_at(std::string_view text, std::size_t pos, std::size_t to) {
  const char c = text[pos];
  if (c == '\n') {
    return 1;
  }
  if (c == '\\' && pos + 1 < to && text[pos + 1] == 'n') {
    return 2;
  }
  if (c == '!' || c == '?' || c == '.') {
    return c == '.' && is_inner_dot(text, pos, to) ? 0 : 1;
  }
  for (const std::string_view mark : {"。", "！", "？"}) {
    if (text.substr(pos, to - pos).starts_with(mark)) {
      return mark.size();
    }
  }
  return 0;
}

template <class T>
bool overlaps_any(const std::vector<T>& tokens, const ValueToken& value) {
  return std::any_of(tokens.begin(), tokens.end(), [&value](const T& token) {
    return token.start < value.end && value.start < token.end;
  });
}

/// Whether the number at `start` numbers an item of a list.
bool numbers_item(std::string_view text, const ValueToken& value) {
  if (value.kind != ValueKind::number || value.end - value.start > 3) {
    return false;
  }
  std::size_t begin = value.start;
  while (begin > 0 &&
         (text[begin - 1] == ' ' || text[begin - 1] == '*' || text[begin - 1] == '#')) {
    --begin;
  }
  const bool opens =
      begin == 0 || text[begin - 1] == '\n' || (begin > 1 && text.substr(begin - 2, 2) == "\\n");
  const std::string_view tail = text.substr(value.end, 2);
  return opens && tail.size() == 2 && (tail[0] == '.' || tail[0] == ')') &&
         (is_space(tail[1]) || tail[1] == '*');
}

template <class T>
std::vector<T> shifted(std::vector<T> tokens, std::size_t by) {
  for (T& token : tokens) {
    token.start += static_cast<std::uint32_t>(by);
    token.end += static_cast<std::uint32_t>(by);
  }
  return tokens;
}

}  // namespace

std::vector<Match> split_sentences(std::string_view text, std::size_t from, std::size_t to) {
  std::vector<Match> sentences;
  std::size_t begin = from;
  const auto close = [&](std::size_t end) {
    while (begin < end && (is_space(text[begin]) || text[begin] == '*')) {
      ++begin;
    }
    if (end > begin) {
      sentences.push_back({begin, end});
    }
  };
  for (std::size_t pos = from; pos < to;) {
    const std::size_t mark = sentence_end_at(text, pos, to);
    if (mark == 0) {
      ++pos;
      continue;
    }
    close(pos);
    pos += mark;
    begin = pos;
  }
  close(to);
  return sentences;
}

namespace {

/// Comma-separated values: commas and semicolons without a space after them, in every line.
bool is_listing(std::string_view text) {
  std::size_t tight = 0;
  std::size_t spaced = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const char c = text[i];
    if (c == ',' || c == ';' || c == '\t') {
      const bool inside_number =
          i > 0 && is_digit(text[i - 1]) && is_digit(text[i + 1]) && c == ',';
      (is_space(text[i + 1]) && c != '\t' ? spaced : tight) += 1;
      tight -= inside_number && spaced > 0 ? 1u : 0u;
    }
  }
  return tight >= 4 && tight > 3 * spaced;
}

}  // namespace

bool is_prose(std::string_view text) {
  constexpr std::size_t kProseMin = 12;
  text = prefix_of(trim(text), 4'000);
  if (text.size() < kProseMin || text.find(' ') == std::string_view::npos) {
    return text.size() >= kProseMin && count_words(text) >= kProseMin;  // written without spaces
  }
  const std::string head = fold_case(text.substr(0, 8));
  for (const std::string_view opening : {"select ",
                                         "insert ",
                                         "update ",
                                         "delete ",
                                         "with ",
                                         "--- a/",
                                         "diff ",
                                         "import ",
                                         "from ",
                                         "def ",
                                         "const ",
                                         "curl "}) {
    if (head.starts_with(opening.substr(0, head.size())) && head.size() >= opening.size()) {
      return opening == "update " || opening == "delete " || opening == "with " ||
                     opening == "from "
                 ? text.find_first_of("=;") == std::string_view::npos
                 : false;
    }
  }
  if (is_listing(text)) {
    return false;
  }
  const auto marks = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return std::string_view("{}[]=<>;|$()\\").find(c) != std::string_view::npos;
  }));
  const std::size_t words = count_words(text);
  return words >= 3 && marks * 4 <= words + 8;
}

Statements::Statements(const TraceView& view) {
  const std::optional<FieldId> output = view.final_output();
  for (const StepView& step : view.steps()) {
    if (step.kind == StepKind::tool) {
      add_arguments(view, step);
      continue;
    }
    if (step.kind == StepKind::user || !step.output || step.output == output) {
      continue;
    }
    const bool thought = step.kind == StepKind::decision;
    add(view,
        thought ? Speaker::thought : Speaker::speech,
        {*step.output, 0, view.field(*step.output).text.size()},
        step.index);
  }
  if (output) {
    const std::size_t before = statements_.size();
    add(view,
        Speaker::output,
        {*output, 0, view.field(*output).text.size()},
        view.field(*output).step);
    if (statements_.size() > before) {
      output_ = before;
    }
  }
}

namespace {

/// Whether the field of an argument holds what is looked for or run, not what is told to somebody.
bool names_a_question(std::string_view key) {
  constexpr auto kKeys = std::to_array<std::string_view>({"query",
                                                          "q",
                                                          "search",
                                                          "pattern",
                                                          "prompt",
                                                          "question",
                                                          "sql",
                                                          "code",
                                                          "expression",
                                                          "cmd",
                                                          "command",
                                                          "script",
                                                          "consulta",
                                                          "suche",
                                                          "filter",
                                                          "path",
                                                          "検索"});
  return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

}  // namespace

void Statements::add_arguments(const TraceView& view, const StepView& step) {
  constexpr std::size_t kCellMin = 12;
  if (!step.input) {
    return;
  }
  const Records& records = view.records(*step.input);
  for (const Cell& cell : records.cells) {
    if (!cell.is_number && cell.value.size() >= kCellMin && is_prose(cell.value) &&
        !names_a_question(cell.key)) {
      add(view, Speaker::argument, {*step.input, cell.start, cell.end}, step.index);
    }
  }
  const std::string_view text = view.field(*step.input).text;
  if (records.cells.empty() && is_prose(text)) {
    add(view, Speaker::argument, {*step.input, 0, text.size()}, step.index);
  }
}

void Statements::add(const TraceView& view,
                     Speaker speaker,
                     const Span& at,
                     std::optional<std::size_t> step) {
  const std::size_t size = at.end - at.start;
  if (statements_.size() >= kStatementsMax || bytes_ + size > kBytesMax) {
    return;
  }
  bytes_ += size;
  Statement statement;
  statement.speaker = speaker;
  statement.at = at;
  statement.step = step;
  const std::string_view text = view.field(at.field).text;
  statement.sentences = split_sentences(text, at.start, at.end);
  const std::string_view part = text.substr(at.start, size);
  statement.days = shifted(find_days(part), at.start);
  statement.times = shifted(find_times(part), at.start);
  statement.weekdays = shifted(find_weekdays(part), at.start);
  statements_.push_back(std::move(statement));
  add_claims(view, static_cast<std::uint32_t>(statements_.size() - 1));
}

void Statements::add_claims(const TraceView& view, std::uint32_t index) {
  Statement& statement = statements_[index];
  const std::string_view text = view.field(statement.at.field).text;
  statement.first_claim = static_cast<std::uint32_t>(claims_.size());
  std::uint32_t sentence = 0;
  for (const ValueToken& token : view.values(statement.at.field)) {
    if (token.start < statement.at.start || claims_.size() >= kClaimsMax) {
      continue;
    }
    if (token.end > statement.at.end) {
      break;
    }
    while (sentence + 1 < statement.sentences.size() &&
           statement.sentences[sentence + 1].start <= token.start) {
      ++sentence;
    }
    const bool of_moment =
        token.kind != ValueKind::quoted && token.kind != ValueKind::url &&
        (overlaps_any(statement.days, token) || overlaps_any(statement.times, token));
    if (!of_moment && token.kind != ValueKind::date && token.kind != ValueKind::time &&
        !numbers_item(text, token)) {
      claims_.push_back({token, {statement.at.field, token.start, token.end}, index, sentence});
    }
  }
  statement.claims_end = static_cast<std::uint32_t>(claims_.size());
}

std::span<const StatedValue> Statements::claims_of(const Statement& statement) const {
  return std::span<const StatedValue>(claims_).subspan(
      statement.first_claim, statement.claims_end - statement.first_claim);
}

Match Statements::sentence_at(const Statement& statement, std::size_t byte) {
  Match found{statement.at.start, statement.at.end};
  for (const Match& sentence : statement.sentences) {
    if (sentence.start <= byte) {
      found = sentence;
    }
  }
  return found;
}

const Statement* Statements::output() const noexcept {
  return output_ ? &statements_[*output_] : nullptr;
}

}  // namespace infinium::maestro
