#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "maestro/asked.h"
#include "maestro/ledger.h"
#include "maestro/origins.h"
#include "maestro/provenance.h"
#include "maestro/rows.h"
#include "maestro/trace_view.h"

namespace infinium::maestro {

/// A cell of a result and where it belongs.
struct CellRef {
  std::size_t step = 0;  ///< 0-based place of the step whose result holds it
  FieldId field = 0;
  std::uint32_t cell = 0;  ///< index into records(field).cells
};

/// A column as the results of the trace show it: every value seen under one key.
struct Column {
  std::string key;
  bool is_numeric = false;                                    ///< all its values are bare numbers
  std::vector<CellRef> cells;                                 ///< at most 4,096, in trace order
  std::unordered_map<std::uint64_t, CellRef> first_by_value;  ///< by value_key
};

/// One argument that a step used.
struct Use {
  std::size_t step = 0;
  std::uint32_t argument = 0;  ///< index into StepView::arguments
};

/// What the detectors ask of a trace beside the view: who said which value first, which columns
/// there are, which values were used. Built once in linear time; borrows the view.
class Facts {
 public:
  explicit Facts(const TraceView& view);
  Facts(const Facts&) = delete;
  Facts& operator=(const Facts&) = delete;

  [[nodiscard]] const TraceView& view() const noexcept { return view_; }
  [[nodiscard]] const Request& request() const noexcept { return request_; }
  [[nodiscard]] const Sources& sources() const noexcept { return sources_; }
  [[nodiscard]] const Asked& asked() const noexcept { return asked_; }
  [[nodiscard]] const Rows& rows() const noexcept { return rows_; }
  [[nodiscard]] const Origins& origins() const noexcept { return origins_; }
  [[nodiscard]] const Statements& statements() const noexcept { return statements_; }
  [[nodiscard]] const Grounds& grounds() const noexcept { return grounds_; }
  [[nodiscard]] const Mentions& mentions() const noexcept { return mentions_; }
  [[nodiscard]] const Ledger& ledger() const noexcept { return ledger_; }
  /// Columns in order of first appearance.
  [[nodiscard]] std::span<const Column> columns() const noexcept { return columns_; }
  [[nodiscard]] const Column* column(std::string_view key) const;
  /// Steps that used this value (value_key) as an argument of at most 80 bytes, earliest first.
  [[nodiscard]] std::span<const Use> uses(std::uint64_t value) const;
  [[nodiscard]] const Cell& cell(const CellRef& ref) const {
    return view_.records(ref.field).cells[ref.cell];
  }
  [[nodiscard]] static Span span_of(const CellRef& ref, const Cell& cell) {
    return {ref.field, cell.start, cell.end};
  }

 private:
  const TraceView& view_;
  Request request_;
  Sources sources_;
  Asked asked_;
  Rows rows_;
  Origins origins_;
  Statements statements_;
  Grounds grounds_;
  Mentions mentions_;
  Ledger ledger_;
  std::vector<Column> columns_;
  std::unordered_map<std::string, std::size_t> column_by_key_;
  std::unordered_map<std::uint64_t, std::vector<Use>> uses_;
};

/// Equal for equal values however they are written: "1128", "#1128" and 1128.0; letter case aside.
[[nodiscard]] std::uint64_t value_key(std::string_view text);

/// The words of a name in lower case: "netAmount" and "net_amount" give net, amount.
[[nodiscard]] std::vector<std::string> name_words(std::string_view name);

/// Whether two words are forms of one ("ship", "shipped"; "qty", "quantity"): one begins the other
/// or abbreviates it.
[[nodiscard]] bool same_stem(std::string_view a, std::string_view b);

}  // namespace infinium::maestro
