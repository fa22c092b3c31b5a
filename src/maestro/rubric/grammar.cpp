#include "maestro/rubric/grammar.h"

namespace infinium::maestro {
namespace {

std::optional<double> read_amount(Cursor& cursor) {
  if (cursor.term() == Term::number || cursor.term() == Term::money) {
    return cursor.take().number;
  }
  return std::nullopt;
}

std::optional<Bound> read_range(Cursor& cursor) {
  const auto low = read_amount(cursor);
  if (!low || !cursor.accept(Term::conj_and)) {
    return std::nullopt;
  }
  const auto high = read_amount(cursor);
  if (!high || *high < *low) {
    return std::nullopt;
  }
  return Bound{.least = low, .most = high};
}

}  // namespace

std::optional<Bound> bound_of(Term limit, double number, bool negated) {
  Bound bound;
  if (limit == Term::at_most && !negated) {
    bound.most = number;
  } else if (limit == Term::at_least && !negated) {
    bound.least = number;
  } else if (limit == Term::exactly && !negated) {
    bound.least = bound.most = number;
  } else if (limit == Term::fewer_than) {
    (negated ? bound.least : bound.most) = number;
    bound.most_open = !negated;
  } else if (limit == Term::more_than || limit == Term::exceed) {
    (negated ? bound.most : bound.least) = number;
    bound.least_open = !negated;
  } else {
    return std::nullopt;
  }
  return bound;
}

bool is_limit(Term term) {
  return term == Term::at_most || term == Term::at_least || term == Term::exactly ||
         term == Term::fewer_than || term == Term::more_than || term == Term::exceed;
}

std::optional<Bound> read_bound(Cursor& cursor, bool negated, bool bare) {
  if (cursor.accept(Term::between)) {
    return negated ? std::nullopt : read_range(cursor);
  }
  if (is_limit(cursor.term())) {
    const Term limit = cursor.take().term;
    const auto number = read_amount(cursor);
    return number ? bound_of(limit, *number, negated) : std::nullopt;
  }
  Cursor ahead = cursor;
  const auto number = read_amount(ahead);
  if (!number || negated) {
    return std::nullopt;
  }
  if (ahead.term() == Term::conj_and && ahead.peek().value == "range") {
    return read_range(cursor);
  }
  cursor = ahead;
  if (cursor.accept(Term::or_less)) {
    return Bound{.least = std::nullopt, .most = number};
  }
  if (cursor.accept(Term::or_more)) {
    return Bound{.least = number, .most = std::nullopt};
  }
  return bare ? std::optional(Bound{.least = number, .most = number}) : std::nullopt;
}

std::optional<Bound> read_late_bound(Cursor& cursor, const Bound& exact) {
  if (cursor.accept(Term::at_most) || cursor.accept(Term::or_less)) {
    return Bound{.least = std::nullopt, .most = exact.most};
  }
  if (cursor.accept(Term::at_least) || cursor.accept(Term::or_more)) {
    return Bound{.least = exact.least, .most = std::nullopt};
  }
  return std::nullopt;
}

void read_subject(Cursor& cursor, Subject& subject) {
  while (cursor.term() == Term::output || cursor.term() == Term::document) {
    const Lexeme& noun = cursor.take();
    if (noun.term == Term::document) {
      subject.twice = subject.twice || !subject.document.empty();
      subject.document = noun.value;
    }
  }
}

std::optional<std::vector<std::string>> read_names(Cursor& cursor,
                                                   std::initializer_list<Term> allowed) {
  std::vector<std::string> names;
  while (std::find(allowed.begin(), allowed.end(), cursor.term()) != allowed.end() &&
         !cursor.done()) {
    names.push_back(cursor.take().text);
    while (cursor.accept(Term::comma) || cursor.accept(Term::conj_and) ||
           cursor.accept(Term::conj_or)) {
    }
  }
  return names.empty() ? std::nullopt : std::optional(names);
}

}  // namespace infinium::maestro
