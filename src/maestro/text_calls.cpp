#include "maestro/text_calls.h"

#include <algorithm>
#include <array>

#include "maestro/text.h"

namespace infinium::maestro {
namespace {

enum class Kind { name, literal, op, open, close, comma, other };

struct Token {
  Kind kind = Kind::other;
  std::string text;  ///< a name in lower case
  std::size_t start = 0;
  std::size_t end = 0;
};

bool is_name_byte(char c) {
  return is_alnum(c) || c == '_' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    while (pos_ < text_.size()) {
      const char c = text_[pos_];
      const bool escaped_quote = c == '\\' && pos_ + 1 < text_.size() && text_[pos_ + 1] == '"';
      if (c == '\'' || c == '"' || escaped_quote) {
        quoted(escaped_quote);
      } else if (c == '\\') {
        pos_ += 2;
      } else if (is_digit(c)) {
        run_of(Kind::literal, [](char b) { return is_digit(b) || b == '.'; });
      } else if (is_name_byte(c)) {
        run_of(Kind::name, is_name_byte);
      } else if (c == '=' || c == '<' || c == '>' || c == '!') {
        run_of(Kind::op, [](char b) { return b == '=' || b == '<' || b == '>' || b == '!'; });
      } else if (!is_space(c)) {
        const Kind kind = c == '(' || c == '['   ? Kind::open
                          : c == ')' || c == ']' ? Kind::close
                          : c == ','             ? Kind::comma
                                                 : Kind::other;
        tokens_.push_back({kind, std::string(1, c), pos_, pos_ + 1});
        ++pos_;
      } else {
        ++pos_;
      }
    }
    return std::move(tokens_);
  }

 private:
  void quoted(bool escaped) {
    const std::string_view mark = escaped ? std::string_view("\\\"") : text_.substr(pos_, 1);
    const std::size_t start = pos_ + mark.size();
    const std::size_t close =
        text_.substr(0, std::min(text_.size(), start + 400)).find(mark, start);
    if (close == std::string_view::npos) {
      ++pos_;
      return;
    }
    tokens_.push_back(
        {Kind::literal, std::string(text_.substr(start, close - start)), start, close});
    pos_ = close + mark.size();
  }

  template <class F>
  void run_of(Kind kind, F belongs) {
    const std::size_t start = pos_;
    while (pos_ < text_.size() && belongs(text_[pos_])) {
      ++pos_;
    }
    std::string_view run = text_.substr(start, pos_ - start);
    tokens_.push_back({kind, kind == Kind::name ? fold_case(run) : std::string(run), start, pos_});
  }

  std::string_view text_;
  std::size_t pos_ = 0;
  std::vector<Token> tokens_;
};

std::string without_alias(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? name : name.substr(dot + 1);
}

bool is_keyword(const std::string& name) {
  constexpr std::array<std::string_view, 32> kKeywords = {
      "select", "distinct", "from",  "where", "and",   "or",     "not",   "as",
      "group",  "order",    "by",    "limit", "join",  "on",     "in",    "between",
      "like",   "is",       "null",  "case",  "when",  "then",   "else",  "end",
      "desc",   "asc",      "using", "left",  "inner", "having", "union", "all"};
  return std::find(kKeywords.begin(), kKeywords.end(), name) != kKeywords.end();
}

class Reader {
 public:
  explicit Reader(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  std::vector<QueryPart> run() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const Token& token = tokens_[i];
      if (token.kind == Kind::op) {
        comparison(i);
      } else if (token.kind == Kind::name) {
        word(i);
      } else if (token.kind == Kind::literal && i + 1 < tokens_.size() &&
                 tokens_[i + 1].kind == Kind::close) {
        last_name_ = fold_case(token.text);  // df["region"]
      }
    }
    return std::move(parts_);
  }

 private:
  [[nodiscard]] const Token* at(std::size_t i) const {
    return i < tokens_.size() ? &tokens_[i] : nullptr;
  }
  [[nodiscard]] bool is(std::size_t i, Kind kind) const {
    return i < tokens_.size() && tokens_[i].kind == kind;
  }

  void add(std::string key, std::string op, const Token& token) {
    parts_.push_back({std::move(key), std::move(op), token.text, token.start, token.end});
  }

  void comparison(std::size_t i) {
    if (last_name_.empty() || !is(i + 1, Kind::literal)) {
      return;
    }
    std::string op = tokens_[i].text;
    if (op == "==") {
      op = "=";
    } else if (op == "<>") {
      op = "!=";
    }
    add(last_name_, std::move(op), tokens_[i + 1]);
  }

  void word(std::size_t i) {
    const std::string& name = tokens_[i].text;
    if (name == "select") {
      selecting_ = true;
    } else if (name == "from" || name == "join") {
      if (is(i + 1, Kind::name) && (selected_ || name == "join")) {
        add("table", "from", tokens_[i + 1]);
      }
      selecting_ = false;
    } else if (name == "limit" && is(i + 1, Kind::literal)) {
      add("limit", "limit", tokens_[i + 1]);
    } else if (name == "like" && is(i + 1, Kind::literal) && !last_name_.empty()) {
      add(last_name_, "like", tokens_[i + 1]);
    } else if (name == "between" && !last_name_.empty()) {
      for (const std::size_t at : {i + 1, i + 3}) {
        if (is(at, Kind::literal)) {
          add(last_name_, "between", tokens_[at]);
        }
      }
    } else if (name == "in" && is(i + 1, Kind::open) && !last_name_.empty()) {
      for (std::size_t k = i + 2; is(k, Kind::literal) || is(k, Kind::comma); ++k) {
        if (is(k, Kind::literal)) {
          add(last_name_, "in", tokens_[k]);
        }
      }
    } else if (!is_keyword(name)) {
      operand(i);
    }
  }

  void operand(std::size_t i) {
    if (is(i + 1, Kind::open) && tokens_[i + 1].text == "(") {
      return;  // a function
    }
    const bool alias = i > 0 && tokens_[i - 1].kind == Kind::name &&
                       (tokens_[i - 1].text == "as" || !is_keyword(tokens_[i - 1].text));
    last_name_ = without_alias(tokens_[i].text);
    if (selecting_ && !alias) {
      Token bare = tokens_[i];
      bare.start = bare.end - last_name_.size();
      bare.text = last_name_;
      add("column", "select", bare);
      selected_ = true;
    }
  }

  std::vector<Token> tokens_;
  std::vector<QueryPart> parts_;
  std::string last_name_;
  bool selecting_ = false;
  bool selected_ = false;
};

}  // namespace

std::vector<QueryPart> read_query(std::string_view text) { return Reader(Lexer(text).run()).run(); }

}  // namespace infinium::maestro
