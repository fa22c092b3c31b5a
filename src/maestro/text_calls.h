#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace infinium::maestro {

/// One thing that a query or an expression says: `region = 'APAC'`, `LIMIT 5`, a selected column.
struct QueryPart {
  std::string key;   ///< lower case, without the table's alias; "column", "table" or "limit"
  std::string op;    ///< "=", "!=", "<", ">=", "in", "like", "between", "select", "from", "limit"
  std::string text;  ///< the literal or name, without quotes
  std::size_t start = 0;  ///< bytes of the text, [start, end)
  std::size_t end = 0;
};

/// Reads SQL, and comparisons of other languages (`df["region"] == "APAC"`). Escapes of JSON text
/// are understood, so that a query can be read where it stands. Linear; never fails.
[[nodiscard]] std::vector<QueryPart> read_query(std::string_view text);

}  // namespace infinium::maestro
