#include <algorithm>

#include "maestro/rubric/grammar.h"

namespace infinium::maestro {
namespace {

std::optional<std::string> read_tool(Cursor& cursor, bool any_word = false) {
  cursor.accept(Term::tool);
  const Term term = cursor.term();
  const bool named = term == Term::quoted || term == Term::identifier;
  if (cursor.done() || (!named && !(any_word && term == Term::unknown))) {
    return std::nullopt;
  }
  std::string name = cursor.take().text;
  if (name.ends_with("()")) {
    name.resize(name.size() - 2);
  }
  cursor.accept(Term::tool);
  return name;
}

/// "3 times", "once", "at most twice".
std::optional<Bound> read_times(Cursor& cursor, bool negated) {
  Term limit = Term::exactly;
  if (cursor.accept(Term::only)) {
    limit = Term::at_most;
  } else if (is_limit(cursor.term())) {
    Cursor ahead = cursor;
    limit = ahead.take().term;
    if (ahead.term() == Term::once) {
      cursor = ahead;
    }
  }
  if (cursor.term() == Term::once) {
    return bound_of(limit, cursor.take().number, negated);
  }
  auto bound = read_bound(cursor, negated, true);
  if (!bound || !cursor.accept(Term::times)) {
    return std::nullopt;
  }
  if (limit == Term::at_most) {
    bound->least.reset();
  }
  return bound;
}

}  // namespace

/// "at most 3 calls of `search`", "no more than 10 tool calls".
std::optional<Check> read_call_count(Lexemes row) {
  Cursor cursor(row);
  const bool negated = cursor.accept(Term::negation);
  cursor.accept_all({Term::use, Term::mention});
  const auto bound = read_bound(cursor, negated, true);
  if (!bound) {
    return std::nullopt;
  }
  cursor.accept(Term::tool);
  std::string tool;
  if (cursor.term() == Term::identifier || cursor.term() == Term::quoted) {
    tool = *read_tool(cursor);  // "3 `search` calls"
  }
  if (!cursor.accept(Term::calls) && !cursor.accept(Term::use)) {  // "1 call of" is a verb's form
    return std::nullopt;
  }
  if (!cursor.done() && tool.empty()) {
    const auto named = read_tool(cursor, true);
    if (!named) {
      return std::nullopt;
    }
    tool = *named;
  }
  return cursor.done() ? std::optional<Check>(CallCountCheck{tool, *bound}) : std::nullopt;
}

/// "call `search` at most 3 times", "`search` may be called only once", "call `verify`".
std::optional<Check> read_tool_times(Lexemes row) {
  Cursor cursor(row);
  const bool negated = cursor.accept(Term::negation);
  const bool verb = cursor.accept(Term::use);
  const auto tool = read_tool(cursor);
  if (!tool) {
    return std::nullopt;
  }
  if (!verb && !cursor.accept(Term::use)) {
    return std::nullopt;
  }
  if (cursor.done()) {
    return negated
               ? std::nullopt
               : std::optional<Check>(CallCountCheck{*tool, {.least = 1, .most = std::nullopt}});
  }
  const auto bound = read_times(cursor, negated);
  return bound && cursor.done() ? std::optional<Check>(CallCountCheck{*tool, *bound})
                                : std::nullopt;
}

/// "never call `x`", "`x` must not be called", "only use `a` and `b`", "use only `a`".
std::optional<Check> read_tool_rule(Lexemes row) {
  Cursor cursor(row);
  bool negated = cursor.accept(Term::negation);
  bool only = cursor.accept(Term::only);
  bool verb = cursor.accept(Term::use);
  only = cursor.accept(Term::only) || only;
  cursor.accept(Term::tool);
  const auto tools = read_names(cursor, {Term::quoted, Term::identifier});
  if (!tools) {
    return std::nullopt;
  }
  cursor.accept(Term::tool);
  if (!verb) {
    negated = cursor.accept(Term::negation) || negated;
    verb = cursor.accept(Term::use);
  }
  if (!verb || negated == only || !cursor.done()) {
    return std::nullopt;
  }
  return ToolRuleCheck{only, *tools};
}

/// "call A before B", "never call B before A", "do not call B unless A was called", "A, then B".
std::optional<Check> read_order(Lexemes row) {
  Cursor cursor(row);
  cursor.accept(Term::first);
  const bool negated = cursor.accept(Term::negation);
  cursor.accept(Term::use);
  const auto one = read_tool(cursor);
  if (!one) {
    return std::nullopt;
  }
  cursor.accept(Term::first);
  cursor.accept_all({Term::use, Term::comma, Term::only});
  const bool without =
      cursor.term() == Term::negation && !cursor.done() && cursor.peek().value == "without";
  const Term link = cursor.term();
  if (cursor.done() || (!without && link != Term::before && link != Term::after &&
                        link != Term::unless && link != Term::then)) {
    return std::nullopt;
  }
  cursor.take();
  cursor.accept(Term::use);
  const auto two = read_tool(cursor);
  cursor.accept_all({Term::use, Term::first});
  cursor.accept(Term::first);
  if (!two || !cursor.done() || *one == *two) {
    return std::nullopt;
  }
  if (negated) {
    const bool guard = without || link == Term::before || link == Term::unless;
    return guard ? std::optional<Check>(OrderCheck{*two, *one, false}) : std::nullopt;
  }
  if (without || link == Term::unless) {
    return std::nullopt;
  }
  return link == Term::after ? OrderCheck{*two, *one, false}
                             : OrderCheck{*one, *two, link == Term::then};
}

std::optional<Check> read_budget(Lexemes row) {
  Cursor cursor(row);
  cursor.accept_all({Term::finish, Term::spend, Term::use});
  const bool negated = cursor.accept(Term::negation);
  cursor.accept_all({Term::finish, Term::spend, Term::use});
  const bool money = std::any_of(
      row.begin(), row.end(), [](const Lexeme& word) { return word.term == Term::money; });
  const bool euros =
      std::any_of(row.begin(), row.end(), [](const Lexeme& word) { return word.value == "EUR"; });
  auto bound = read_bound(cursor, negated, false);
  if (!bound || euros) {
    return std::nullopt;
  }
  double scale = 1;
  Quantity quantity = Quantity::usd;
  if (cursor.accept(Term::hours)) {
    scale = 3'600'000;
  } else if (cursor.accept(Term::minutes)) {
    scale = 60'000;
  } else if (cursor.accept(Term::seconds)) {
    scale = 1'000;
  } else if (!cursor.accept(Term::milliseconds)) {
    scale = 0;
  }
  if (scale > 0) {
    quantity = Quantity::milliseconds;
    bound->least = bound->least ? std::optional(*bound->least * scale) : std::nullopt;
    bound->most = bound->most ? std::optional(*bound->most * scale) : std::nullopt;
  } else if (cursor.accept(Term::tokens)) {
    quantity = Quantity::tokens;
  } else if (cursor.accept(Term::steps)) {
    quantity = Quantity::steps;
  } else if (!cursor.accept(Term::usd) && !money) {
    return std::nullopt;
  }
  cursor.accept_all({Term::finish, Term::spend});
  return cursor.done() ? std::optional<Check>(BudgetCheck{quantity, *bound}) : std::nullopt;
}

/// "confirm with the user before any state-changing action", "ask the user before calling `x`".
std::optional<Check> read_confirm(Lexemes row) {
  Cursor cursor(row);
  const bool unless = cursor.accept(Term::negation);  // "never call `x` without confirmation"
  if (unless) {
    cursor.accept(Term::use);
    const auto tool = read_tool(cursor);
    const bool without = cursor.term() == Term::negation && !cursor.done() &&
                         cursor.peek().value == "without" && cursor.accept(Term::negation);
    cursor.accept(Term::user);
    if (!tool || !without || !cursor.accept(Term::confirm)) {
      return std::nullopt;
    }
    cursor.accept(Term::user);
    return cursor.done() ? std::optional<Check>(ConfirmCheck{*tool}) : std::nullopt;
  }
  cursor.accept(Term::user);
  if (!cursor.accept(Term::confirm)) {
    return std::nullopt;
  }
  cursor.accept(Term::user);
  if (!cursor.accept(Term::before)) {
    return std::nullopt;
  }
  if (cursor.accept(Term::state_change)) {
    return cursor.done() ? std::optional<Check>(ConfirmCheck{}) : std::nullopt;
  }
  cursor.accept(Term::use);
  const auto tool = read_tool(cursor);
  return tool && cursor.done() ? std::optional<Check>(ConfirmCheck{*tool}) : std::nullopt;
}

}  // namespace infinium::maestro
