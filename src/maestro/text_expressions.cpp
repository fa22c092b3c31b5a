#include "maestro/text_expressions.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kOperandsMax = 24;
constexpr std::size_t kExpressionsMax = 500;
constexpr std::size_t kGapMax = 40;  ///< bytes between two numbers of one expression

struct OperationWord {
  std::string_view word;
  char operation;
};

constexpr auto kOperations = std::to_array<OperationWord>({
    {"plus", '+'},
    {"más", '+'},
    {"mas", '+'},
    {"minus", '-'},
    {"less", '-'},
    {"menos", '-'},
    {"moins", '-'},
    {"abzüglich", '-'},
    {"weniger", '-'},
    {"x", '*'},
    {"times", '*'},
    {"mal", '*'},
    {"por", '*'},
    {"fois", '*'},
    {"entre", '/'},
    {"durch", '/'},
    {"à", '*'},
});

constexpr auto kSigns = std::to_array<OperationWord>({
    {"×", '*'},
    {"·", '*'},
    {"÷", '/'},
    {"−", '-'},
    {"–", '-'},
    {"＋", '+'},
    {"≈", '='},
    {"＝", '='},
});

constexpr auto kEquals = std::to_array<std::string_view>({
    "is",  "are", "makes", "make", "gives", "equals", "ergibt", "ergeben", "sind", "macht", "ist",
    "son", "es",  "suman", "hace", "hacen", "da",     "dan",    "font",    "fait", "で",    "は",
});

/// What stands between two numbers.
struct Gap {
  char operation = '\0';  ///< + - * / =, or 0
  int closed = 0;         ///< brackets closed before and opened after it
  int opened = 0;
  bool in_words = false;  ///< the equals sign is a word
  bool in_signs = false;  ///< the operation is a sign, no word
  bool negates = false;   ///< "= -5": the number after it is negative
  std::string counted;    ///< the word after the number before it: "h", "packs"
  bool tight = false;     ///< "77-1042", "9/11": may be no operation at all
};

class GapReader {
 public:
  explicit GapReader(std::string_view gap) : gap_(gap) {}

  Gap read() {
    if (gap_.size() > kGapMax || gap_.find('\n') != std::string_view::npos) {
      return {};
    }
    for (std::size_t pos = 0; pos < gap_.size() && !broken_;) {
      pos = read_at(pos);
    }
    // "12 packs - 14": a dash in prose, unless the sum goes on.
    const bool loose = unknown_words_ > 0 && (out_.operation == '-' || out_.operation == '\0');
    if (broken_ || loose || unknown_words_ > 2) {
      return {};
    }
    out_.tight = (out_.operation == '-' || out_.operation == '/') && gap_.size() == 1;
    return out_;
  }

 private:
  std::size_t read_at(std::size_t pos) {
    const char c = gap_[pos];
    if (is_space(c)) {
      return pos + 1;
    }
    if (c == '(' || c == ')') {
      (c == '(' ? out_.opened : out_.closed) += 1;
      broken_ = broken_ || (c == ')' && out_.operation != '\0');
      return pos + 1;
    }
    if (std::string_view("+-*/=").find(c) != std::string_view::npos) {
      return read_sign(pos);
    }
    if (is_letter(c) || static_cast<unsigned char>(c) >= 0x80) {
      return read_word(pos);
    }
    // A comma or full stop before an operation goes on with the last result.
    const bool pause = (c == ',' || c == '%' || c == '$' || c == '_') && out_.operation == '\0';
    broken_ = broken_ || !(pause || c == '$');
    return pos + 1;
  }

  std::size_t read_sign(std::size_t pos) {
    if (gap_.substr(pos).starts_with("**")) {
      const bool bold = trim(gap_) != "**";  // a power of two numbers is beyond us
      broken_ = broken_ || !bold;
      return pos + 2;
    }
    take(gap_[pos]);
    out_.in_signs = out_.in_signs || gap_[pos] == '-' || gap_[pos] == '/';
    return pos + 1;
  }

  void take(char operation) {
    // "= -5": the sign of the next number.
    const bool sign_of_next = operation == '-' && out_.operation != '\0';
    broken_ = broken_ || (out_.operation != '\0' && !sign_of_next);
    out_.negates = out_.negates || (sign_of_next && out_.operation == '=');
    out_.operation = out_.operation == '\0' ? operation : out_.operation;
  }

  std::size_t read_word(std::size_t pos) {
    for (const OperationWord& sign : kSigns) {
      if (gap_.substr(pos).starts_with(sign.word)) {
        take(sign.operation);
        return pos + sign.word.size();
      }
    }
    std::size_t end = pos;
    const char32_t first = next_code_point(gap_, end);
    if (!is_cjk(first)) {
      end = pos;
      while (end < gap_.size()) {
        std::size_t next = end;
        const char32_t code = next_code_point(gap_, next);
        if (!is_word_code_point(code) || is_cjk(code)) {
          break;
        }
        end = next;
      }
      end = std::max(end, pos + 1);
    }
    use_word(fold_case(gap_.substr(pos, end - pos)));
    return end;
  }

  void use_word(const std::string& word) {
    const bool counts = unit_of_word(word) != Unit::none || !is_filler(word);
    const auto known = std::find_if(kOperations.begin(), kOperations.end(), [&](const auto& entry) {
      return entry.word == word;
    });
    if (known != kOperations.end()) {
      take(known->operation);
    } else if (std::find(kEquals.begin(), kEquals.end(), word) != kEquals.end()) {
      if (out_.operation == '\0') {
        out_.operation = '=';
        out_.in_words = true;
      }
    } else if (counts && out_.operation == '\0' && out_.counted.empty()) {
      out_.counted = word;
      unknown_words_ += is_filler(word) ? 0 : 1;
    } else if (!is_filler(word)) {
      // "12 packs x 14.60": what is counted; after the operation only the number may follow.
      ++unknown_words_;
      broken_ = broken_ || (out_.operation != '\0' && !out_.in_words);
    }
  }

  static bool is_filler(const std::string& word) {
    constexpr auto kFillers = std::to_array<std::string_view>(
        {"that",  "which", "to", "comes", "by",  "divided", "multiplied", "geteilt", "das",
         "igual", "a",     "in", "total", "net", "円",      "名",         "泊",      "個",
         "件",    "人",    "本", "枚",    "回",  "日",      "台"});
    return std::find(kFillers.begin(), kFillers.end(), word) != kFillers.end() ||
           unit_of_word(word) != Unit::none || currency_of_name(word) != Currency::any;
  }

  std::string_view gap_;
  Gap out_;
  int unknown_words_ = 0;
  bool broken_ = false;
};

/// An operand or a mark of an expression in reading order.
struct Term {
  char mark = '\0';  ///< + - * / ( ); 0: an operand
  std::size_t operand = 0;
};

/// Works out a row of terms; nothing if it is malformed.
class Calculator {
 public:
  Calculator(std::span<const Term> terms, std::span<const double> values)
      : terms_(terms), values_(values) {}

  std::optional<double> run() {
    const double value = sum();
    return pos_ == terms_.size() && ok_ ? std::optional(value) : std::nullopt;
  }

 private:
  [[nodiscard]] char mark() const { return pos_ < terms_.size() ? terms_[pos_].mark : '\1'; }

  double sum() {
    double value = product();
    while (mark() == '+' || mark() == '-') {
      const bool plus = terms_[pos_++].mark == '+';
      value += plus ? product() : -product();
    }
    return value;
  }

  double product() {
    double value = factor();
    while (mark() == '*' || mark() == '/') {
      const bool times = terms_[pos_++].mark == '*';
      const double next = factor();
      ok_ = ok_ && (times || next != 0);
      value = times ? value * next : value / (next == 0 ? 1 : next);
    }
    return value;
  }

  double factor() {
    if (mark() == '\0') {
      return values_[terms_[pos_++].operand];
    }
    if (mark() != '(' || ++depth_ > 8) {
      ok_ = false;
      return 0;
    }
    ++pos_;
    const double value = sum();
    ok_ = ok_ && mark() == ')';
    ++pos_;
    return value;
  }

  std::span<const Term> terms_;
  std::span<const double> values_;
  std::size_t pos_ = 0;
  int depth_ = 0;
  bool ok_ = true;
};

class ExpressionReader {
 public:
  ExpressionReader(std::string_view text, std::span<const ValueToken> numbers)
      : text_(text), numbers_(numbers) {}

  std::vector<Expression> run() {
    for (std::size_t i = 0; i + 1 < numbers_.size() && found_.size() < kExpressionsMax;) {
      i = read_from(i);
    }
    return std::move(found_);
  }

 private:
  [[nodiscard]] Gap gap_after(std::size_t i) const {
    if (i + 1 >= numbers_.size() || numbers_[i + 1].start < numbers_[i].end) {
      return {};
    }
    return GapReader(text_.substr(numbers_[i].end, numbers_[i + 1].start - numbers_[i].end)).read();
  }

  [[nodiscard]] int brackets_before(std::size_t i) const {
    int count = 0;
    for (std::size_t pos = numbers_[i].start; pos > 0 && text_[pos - 1] == '('; --pos) {
      ++count;
    }
    return count;
  }

  /// Whether what stands before the number belongs to the same piece of arithmetic and was not
  /// read: "gross - 12 + 13", "half of 96.00) + 263.45", "20 % of 350 + 14".
  [[nodiscard]] bool goes_on_to_the_left(std::size_t first) const {
    std::size_t pos = numbers_[first].start;
    const auto back_over = [&](std::string_view marks) {
      while (pos > 0 && marks.find(text_[pos - 1]) != std::string_view::npos) {
        --pos;
      }
    };
    back_over(" ($_~");
    constexpr std::size_t kReach = 60;
    const std::string_view reach =
        text_.substr(pos < kReach ? 0 : pos - kReach, std::min(pos, kReach));
    const std::string_view before = reach.substr(reach.rfind('\n') + 1);
    if (trim(before).empty()) {
      return false;
    }
    const char last = before.back();
    const bool bullet = (last == '-' || last == '*' || last == '+') && trim(before).size() == 1;
    const bool bold = before.ends_with("**");
    if (!bullet && !bold && std::string_view("+-*/=%").find(last) != std::string_view::npos) {
      return last != '=';
    }
    for (const OperationWord& sign : kSigns) {
      if (sign.operation != '=' && before.ends_with(sign.word)) {
        return true;
      }
    }
    const std::size_t space = before.find_last_of(" (");
    const std::string word =
        fold_case(before.substr(space == std::string_view::npos ? 0 : space + 1));
    constexpr auto kModifiers = std::to_array<std::string_view>(
        {"half", "twice",  "double", "triple",   "of",     "per",       "minus", "plus",  "times",
         "less", "hälfte", "halbe",  "doppelte", "von",    "abzüglich", "mal",   "mitad", "doble",
         "de",   "del",    "menos",  "más",      "moitié", "sur",       "moins", "x"});
    return std::find(kModifiers.begin(), kModifiers.end(), word) != kModifiers.end();
  }

  /// Reads the expression that begins with number `first`, if one does; gives where to go on.
  std::size_t read_from(std::size_t first) {
    terms_.clear();
    values_.clear();
    int open = brackets_before(first);
    for (int i = 0; i < open; ++i) {
      terms_.push_back({'(', 0});
    }
    add_operand(first);
    std::size_t last = first;
    Gap gap = gap_after(last);
    Shape shape;
    while (gap.operation != '\0' && gap.operation != '=' && values_.size() < kOperandsMax) {
      shape.unread = shape.unread || gap.closed > open;
      for (int i = 0; i < gap.closed && open > 0; ++i, --open) {
        terms_.push_back({')', 0});
      }
      terms_.push_back({gap.operation, 0});
      for (int i = 0; i < gap.opened; ++i, ++open) {
        terms_.push_back({'(', 0});
      }
      shape.product = shape.product || gap.operation == '*';
      shape.adds = shape.adds || gap.operation == '+' || gap.operation == '-';
      shape.tight = shape.tight || gap.tight;
      shape.dashes = shape.dashes || gap.in_signs;
      shape.unlike = shape.unlike || (!shape.counted.empty() && !gap.counted.empty() &&
                                      shape.counted != gap.counted);
      shape.counted = gap.counted.empty() ? shape.counted : gap.counted;
      add_operand(++last);
      gap = gap_after(last);
    }
    if (last == first) {
      return first + 1;
    }
    // "tax (2 x 3.00) that is 364.70": what is in brackets is one item of something larger.
    if (open > 0 && gap.closed >= open && gap.in_words) {
      gap = {};
    }
    if (shape.tight && (gap.in_words || gap.operation != '=')) {
      return last;
    }
    shape.unread =
        shape.unread || gap.closed > open || (gap.in_words && shape.dashes) ||
        (shape.adds && (shape.unlike || !may_be_added(first, last) ||
                        (!shape.counted.empty() && !gap.counted.empty() && gap.operation == '=' &&
                         !gap.in_words && shape.counted != gap.counted))) ||
        goes_on_to_the_left(first);
    if (gap.operation == '=' && !shape.unread) {
      const Gap after = gap_after(last + 1);
      const bool pause = text_.substr(numbers_[last + 1].end, 1) == ",";
      shape.unread = after.operation != '\0' && after.operation != '=' && !after.tight && !pause;
    }
    if (shape.unread && gap.operation == '=') {
      return last + 1;
    }
    for (; open > 0; --open) {
      terms_.push_back({')', 0});
    }
    keep(first, last, gap, shape.product);
    // The number that it is said to make may begin the next one.
    return gap.operation == '=' ? last + 1 : std::max(last, first + 1);
  }

  /// What was noticed on the way.
  struct Shape {
    bool product = false;
    bool adds = false;
    std::string counted;  ///< what the last operand counts
    bool unlike = false;  ///< operands count different things
    bool tight = false;
    bool dashes = false;  ///< "-" or "/", which prose uses for other things
    bool unread = false;
  };

  /// Whether the numbers are of one kind: neither percentages nor different units or currencies.
  [[nodiscard]] bool may_be_added(std::size_t first, std::size_t last) const {
    Unit unit = Unit::none;
    Currency currency = Currency::any;
    for (std::size_t i = first; i <= last; ++i) {
      const ValueToken& token = numbers_[i];
      const bool other_unit = token.unit != Unit::none && unit != Unit::none && token.unit != unit;
      const bool other_currency = token.currency != Currency::any && currency != Currency::any &&
                                  token.currency != currency;
      if (token.unit == Unit::percent || other_unit || other_currency) {
        return false;
      }
      unit = token.unit == Unit::none ? unit : token.unit;
      currency = token.currency == Currency::any ? currency : token.currency;
    }
    return true;
  }

  void add_operand(std::size_t i) {
    terms_.push_back({'\0', values_.size()});
    values_.push_back(numbers_[i].number);
  }

  void keep(std::size_t first, std::size_t last, const Gap& gap, bool product) {
    const std::optional<double> value = Calculator(terms_, values_).run();
    if (!value || !std::isfinite(*value)) {
      return;
    }
    Expression expression;
    expression.value = *value;
    expression.first = first;
    expression.last = last;
    expression.start = numbers_[first].start;
    expression.end = numbers_[last].end;
    expression.has_product = product;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const double exact = values_[i];
      values_[i] = exact + numbers_[first + i].precision / 2;
      const std::optional<double> moved = Calculator(terms_, values_).run();
      values_[i] = exact;
      const double move = moved ? std::abs(*moved - *value) : 0;
      const bool whole = numbers_[first + i].precision == 1;  // whole numbers are mostly counts
      expression.slack += whole ? 0 : move;
      expression.moves.push_back(whole ? move : 0);
    }
    expression.other_value = read_otherwise(first);
    if (gap.operation == '=' && !gap.negates) {
      expression.stated = last + 1;
      expression.end = numbers_[last + 1].end;
    }
    found_.push_back(expression);
  }

  /// The value with "1.150" read the other way.
  std::optional<double> read_otherwise(std::size_t first) {
    const std::vector<double> as_read = values_;
    bool any = false;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const ValueToken& token = numbers_[first + i];
      any = any || token.ambiguous;
      values_[i] *= !token.ambiguous ? 1 : token.precision < 1 ? 1000 : 0.001;
    }
    const std::optional<double> value = any ? Calculator(terms_, values_).run() : std::nullopt;
    values_ = as_read;
    return value;
  }

  std::string_view text_;
  std::span<const ValueToken> numbers_;
  std::vector<Term> terms_;
  std::vector<double> values_;
  std::vector<Expression> found_;
};

}  // namespace

std::vector<Expression> find_expressions(std::string_view text,
                                         std::span<const ValueToken> numbers) {
  return ExpressionReader(text, numbers).run();
}

}  // namespace infinium::maestro
