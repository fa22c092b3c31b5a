#include "cli/evaluation/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "cli/text_layout.h"
#include "codec/interpretation_json.h"
#include "codec/json_text.h"

namespace infinium::cli::evaluation {
namespace {

constexpr std::string_view kBaseline = " (baseline: ";
constexpr std::string_view kSquare = "verdict: true ";  ///< shown as a square instead
constexpr std::size_t kNameColumns = 48;

/// "verdict: exact" as {"verdict", "exact"}.
std::pair<std::string_view, std::string_view> split_group(std::string_view name) {
  const std::size_t colon = name.find(": ");
  return colon == name.npos ? std::pair(std::string_view(), name)
                            : std::pair(name.substr(0, colon), name.substr(colon + 2));
}

std::string padded(std::string_view text, std::size_t width) {
  std::string out = shorten(printable(text), width);
  out.append(width - std::min(width, columns(out)), ' ');
  return out;
}

std::string row_of(const Figure& figure, std::string_view shown) {
  return fmt::format("{} {:8.3f}  [{:.3f}, {:.3f}]  n={}\n",
                     padded(shown, kNameColumns),
                     figure.value,
                     figure.interval.low,
                     figure.interval.high,
                     figure.n);
}

/// What a row of the breakdown shows, as far as it is known.
struct Column {
  std::string_view figure;
  std::string_view heading;
};
constexpr std::array kColumns = {
    Column{"success: AUC pooled", "AUC"},
    Column{"success: accuracy", "accuracy"},
    Column{"verdict: exact", "verdict"},
    Column{"findings: specific recall", "recall"},
    Column{"findings: clean traces with a warning", "alarms"},
    Column{"rubric: unmet items found", "unmet"},
    Column{"attribution: step exact", "step"},
    Column{"attribution: agent", "agent"},
    Column{"attribution: kind", "kind"},
};

const Figure* find_figure(const Breakdown& group, std::string_view name) {
  for (const Figure& figure : group.figures) {
    if (figure.name == name) {
      return &figure;
    }
  }
  return nullptr;
}

}  // namespace

std::string as_json_lines(std::span<const Figure> figures,
                          const std::string& by,
                          const std::string& name) {
  const std::string group =
      by.empty() ? "" : "," + codec::encode_json(by) + ":" + codec::encode_json(name);
  std::string out;
  for (const Figure& figure : figures) {
    out += fmt::format(R"({{"figure":{},"value":{:.4f},"low":{:.4f},"high":{:.4f},"n":{}{}}})",
                       codec::encode_json(figure.name),
                       figure.value,
                       figure.interval.low,
                       figure.interval.high,
                       figure.n,
                       group) +
           "\n";
  }
  return out;
}

std::string as_table(std::span<const Figure> figures) {
  std::string out;
  std::string_view current;
  for (const Figure& figure : figures) {
    if (figure.name.find(kBaseline) != std::string::npos || figure.name.starts_with(kSquare)) {
      continue;
    }
    const auto [group, shown] = split_group(figure.name);
    if (group != current) {
      out += (out.empty() ? "" : "\n") + std::string(group) + "\n";
      current = group;
    }
    out += row_of(figure, "  " + std::string(shown));
    for (const Figure& other : figures) {
      if (other.name.starts_with(figure.name + std::string(kBaseline))) {
        std::string_view baseline = std::string_view(other.name).substr(figure.name.size() + 2);
        baseline.remove_suffix(1);
        out += row_of(other, "    " + std::string(baseline));
      }
    }
  }
  return out;
}

std::string as_square(const Confusion& confusion) {
  std::size_t all = 0;
  std::string out = "\ntrue verdict \\ said ";
  for (const Verdict said : kVerdicts) {
    out += fmt::format(" {:>12}", shorten(std::string(codec::to_string(said)), 12));
  }
  out += "\n";
  for (std::size_t truth = 0; truth < kVerdicts.size(); ++truth) {
    out += fmt::format("  {:18}", codec::to_string(kVerdicts[truth]));
    for (const std::size_t count : confusion[truth]) {
      out += fmt::format(" {:12}", count);
      all += count;
    }
    out += "\n";
  }
  return all == 0 ? "" : out;
}

std::string as_breakdown(const std::string& by, std::span<const Breakdown> groups) {
  std::vector<Column> shown;
  std::copy_if(
      kColumns.begin(), kColumns.end(), std::back_inserter(shown), [&](const auto& column) {
        return std::any_of(groups.begin(), groups.end(), [&](const Breakdown& group) {
          return find_figure(group, column.figure) != nullptr;
        });
      });
  std::string out = "\n" + padded("by " + by, 32) + "      n";
  for (const Column& column : shown) {
    out += fmt::format(" {:>8}", column.heading);
  }
  out += "\n";
  for (const Breakdown& group : groups) {
    out += padded("  " + (group.name.empty() ? "(none)" : group.name), 32) +
           fmt::format(" {:6}", group.traces);
    for (const Column& column : shown) {
      const Figure* figure = find_figure(group, column.figure);
      out +=
          figure == nullptr ? fmt::format(" {:>8}", "–") : fmt::format(" {:8.3f}", figure->value);
    }
    out += "\n";
  }
  return out;
}

}  // namespace infinium::cli::evaluation
