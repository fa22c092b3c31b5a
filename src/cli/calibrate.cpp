#include "cli/calibrate.h"

#include <fmt/format.h>

#include "base/try.h"
#include "cli/administer.h"
#include "cli/files.h"
#include "cli/json_view.h"
#include "cli/text_layout.h"
#include "codec/json_text.h"

namespace infinium::cli {
namespace {

constexpr std::chrono::seconds kPatience{600};  ///< every reviewed trace is interpreted

std::string number(const Json& object, std::string_view key) {
  const std::optional<double> value = number_at(object, key);
  return value ? fmt::format("{:.3f}", *value) : "-";
}

std::string count(const Json& object, std::string_view key) {
  return digits_at(object, key).value_or("0");
}

const Json& part(const Json& object, std::string_view key) {
  static const Json kNothing;
  const Json* found = object.find(key);
  return found == nullptr ? kNothing : *found;
}

std::string describe_comparison(const char* title, const Json& compared) {
  std::string said = fmt::format("\n{} ({} traces)\n", title, count(compared, "runs"));
  const Json& before = part(compared, "before");
  const Json& after = part(compared, "after");
  if (!flag_at(compared, "learned")) {
    return said + "  too few traces to learn it\n";
  }
  for (const auto& [name, key] :
       {std::pair{"accuracy", "accuracy"}, std::pair{"Brier", "brier"}, std::pair{"AUC", "auc"}}) {
    said += fmt::format("  {:10}{:>8} →{:>7}\n", name, number(before, key), number(after, key));
  }
  return said + fmt::format("  Brier gains {} ± {}: {}\n",
                            number(compared, "gain"),
                            number(compared, "gain_error"),
                            flag_at(compared, "helps") ? "it helps" : "no help, left as shipped");
}

std::string describe_reviewers(const Json& report) {
  std::string said = "\nReviewers (weight: how often a verdict is more than a guess)\n";
  for (const Json& reviewer : list_at(report, "reviewers")) {
    said += fmt::format("  {:24} {:>5} verdicts  {:>5} shared  weight {}\n",
                        printable(text_at(reviewer, "name")),
                        count(reviewer, "verdicts"),
                        count(reviewer, "shared"),
                        number(reviewer, "weight"));
  }
  return said;
}

std::string describe_end(const Json& learned, const Json& report, bool dry_run) {
  if (const std::optional<std::string> version = digits_at(learned, "saved")) {
    return fmt::format("\nsaved as version {}, in force from now on\n", *version);
  }
  if (!flag_at(report, "recommended")) {
    return "\nnot saved: it does not foretell better what people say (--force saves it)\n";
  }
  return dry_run ? "\nnot saved (--dry-run); it would be\n"
                 : "\nnot saved: it is in force already\n";
}

}  // namespace

std::string describe_learned(const Json& learned, bool dry_run) {
  const Json& report = part(learned, "report");
  const Json& verdicts = part(report, "verdicts");
  std::string said =
      fmt::format("{} reviewed traces: {} succeeded, {} partially, {} failed, {} undetermined\n",
                  count(report, "reviewed"),
                  count(verdicts, "succeeded"),
                  count(verdicts, "partially_succeeded"),
                  count(verdicts, "failed"),
                  count(verdicts, "undetermined"));
  if (flag_at(report, "too_few")) {
    return said + fmt::format("That is too few to learn from: it takes {}. Nothing was changed.\n",
                              count(report, "least"));
  }
  said += fmt::format("On traces held out (five folds by {}), before → after:\n",
                      text_at(report, "folds_by"));
  said += describe_comparison("P(success), where one is shipped", part(report, "success_inside"));
  said += describe_comparison("P(success), where none is shipped", part(report, "success_outside"));
  said += describe_comparison("Confidence in Maestro's verdict", part(report, "confidence"));
  const Json& agreement = part(report, "agreement");
  said += fmt::format("\nMaestro's verdicts that people share: {} → {}\n",
                      number(agreement, "before"),
                      number(agreement, "after"));
  return said + describe_reviewers(report) + describe_end(learned, report, dry_run);
}

CalibrateCommand::CalibrateCommand(CLI::App& app, Program& program) : program_(program) {
  CLI::App& command =
      *app.add_subcommand("calibrate", "Learn from people's verdicts; list and take back versions");
  const auto add_common = [this](CLI::App& one) {
    one.add_option("--data", data_, "Data folder [$INFINIUM_DATA, ~/.local/share/infinium]")
        ->type_name("DIR");
    one.add_flag("--json", json_, "Print JSON");
  };
  add_common(command);
  CLI::Option& dry_run = *command.add_flag("--dry-run", dry_run_, "Save nothing");
  command.add_flag("--force", force_, "Save it even if it does not help")->excludes(&dry_run);
  command.footer(
      "Prints how well probabilities and confidence foretell what people say, before and after, "
      "on\n"
      "traces held out, and saves a new version if they do it better. New results then carry\n"
      "another engine.model; stored ones stay as they are. docs/learning.md explains it.\n"
      "Examples:\n"
      "  infinium calibrate --dry-run\n"
      "  infinium calibrate\n"
      "  infinium calibrate list\n"
      "  infinium calibrate rollback 1   # version 1 is the shipped state");
  command.callback([this, &command] {
    if (command.get_subcommands().empty()) {
      program_.outcome = learn();
    }
  });
  CLI::App& listing = *command.add_subcommand("list", "List all versions");
  add_common(listing);
  listing.footer("Example:\n  infinium calibrate list --json");
  listing.callback([this] { program_.outcome = list(); });
  CLI::App& back = *command.add_subcommand("rollback", "Bring an earlier version back into force");
  add_common(back);
  back.add_option("VERSION", version_, "Its number; nothing is deleted")->required();
  back.footer("Example:\n  infinium calibrate rollback 1");
  back.callback([this] { program_.outcome = roll_back(); });
}

Result<Json> CalibrateCommand::administer_calibration(Json::Object request) {
  TRY(const auto folder, data_folder(data_));
  TRY(server::admin::Answer answer,
      administer(program_, folder, Json(std::move(request)), kPatience));
  return std::move(answer.result);
}

Status CalibrateCommand::learn() {
  TRY(const Json learned,
      administer_calibration(
          {{"op", "calibration.learn"}, {"save", !dry_run_}, {"force", force_}}));
  print(json_ ? codec::encode_json(learned) + "\n" : describe_learned(learned, dry_run_));
  return {};
}

Status CalibrateCommand::list() {
  TRY(const Json listed, administer_calibration({{"op", "calibration.list"}}));
  const Json::Array& versions = list_at(listed, "calibrations");
  if (json_) {
    print(codec::encode_json(versions) + "\n");
    return {};
  }
  std::string table;
  for (const Json& version : versions) {
    table += fmt::format("{:>4} {} {}  {}\n",
                         count(version, "version"),
                         flag_at(version, "current") ? "*" : " ",
                         text_at(version, "created_at"),
                         printable(text_at(version, "note")));
  }
  print(table.empty() ? "no calibrations yet: infinium calibrate\n" : table);
  return {};
}

Status CalibrateCommand::roll_back() {
  TRY(const Json done,
      administer_calibration({{"op", "calibration.rollback"}, {"version", version_}}));
  print(json_ ? codec::encode_json(done) + "\n"
              : fmt::format("version {} is in force\n", count(done, "version")));
  return {};
}

}  // namespace infinium::cli
