#pragma once

#include <utility>

#include "infinium/result.h"

/// TRY(decl, expr): declares `decl` with the value of the Result `expr`, or returns its error from
/// the enclosing function. TRY_VOID(expr) for a Status. In a coroutine: CO_TRY, CO_TRY_VOID.
/// Two parts on purpose: a statement expression around co_await crashes g++ 12.2.
#define INFINIUM_CAT2(a, b) a##b
#define INFINIUM_CAT(a, b) INFINIUM_CAT2(a, b)
#define INFINIUM_TRY(result, decl, expr, leave) \
  auto result = (expr);                         \
  if (!result) {                                \
    leave std::move(result).error();            \
  }                                             \
  decl = *std::move(result)
#define TRY(decl, expr) INFINIUM_TRY(INFINIUM_CAT(try_, __LINE__), decl, expr, return)
#define CO_TRY(decl, expr) INFINIUM_TRY(INFINIUM_CAT(try_, __LINE__), decl, expr, co_return)
#define INFINIUM_TRY_VOID(result, expr, leave) \
  do {                                         \
    auto result = (expr);                      \
    if (!result) {                             \
      leave std::move(result).error();         \
    }                                          \
  } while (false)
#define TRY_VOID(expr) INFINIUM_TRY_VOID(INFINIUM_CAT(try_, __LINE__), expr, return)
#define CO_TRY_VOID(expr) INFINIUM_TRY_VOID(INFINIUM_CAT(try_, __LINE__), expr, co_return)
