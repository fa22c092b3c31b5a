#include "maestro/programs.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "maestro/facts.h"
#include "maestro/text.h"
#include "maestro/tool_names.h"

namespace infinium::maestro {
namespace {

constexpr std::size_t kCommandMax = 2'000;
constexpr std::size_t kAnswerMax = 20'000;

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// The words of a command in lower case; what is joined by a dot, a slash or an at sign counts as
/// several.
std::vector<std::string> command_words(std::string_view command) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : prefix_of(command, kCommandMax)) {
    if (is_alnum(c) || static_cast<unsigned char>(c) >= 0x80) {
      word.push_back(c);
    } else if (!word.empty()) {
      words.push_back(fold_case(word));
      word.clear();
    }
  }
  if (!word.empty()) {
    words.push_back(fold_case(word));
  }
  return words;
}

bool is_deed(std::string_view word) {
  constexpr auto kDeeds = std::to_array<std::string_view>(
      {"insert",  "update", "install", "uninstall", "delete",  "rm",      "remove",  "mv",
       "cp",      "mkdir",  "chmod",   "chown",     "kill",    "restart", "resume",  "build",
       "compile", "push",   "deploy",  "apply",     "migrate", "prune",   "commit",  "publish",
       "upload",  "enable", "disable", "rollback",  "upgrade", "merge",   "rebase",  "release",
       "rotate",  "drain",  "cordon",  "scale",     "restore", "rsync",   "truncate"});
  return is_one_of(word, kDeeds);
}

/// "exit status 1", "exit code: 2", "exited with code 1".
bool tells_bad_exit(std::string_view line) {
  for (const std::string_view words :
       {"exit status", "exit code", "exited with code", "exited with"}) {
    const std::size_t at = line.find(words);
    if (at == std::string_view::npos) {
      continue;
    }
    const std::size_t digit = line.find_first_not_of(" :=", at + words.size());
    if (digit != std::string_view::npos && line[digit] >= '1' && line[digit] <= '9') {
      return true;
    }
  }
  return false;
}

/// "resume rejected", "deploy failed": the deed itself, and that it was not done.
bool denies_the_deed(std::string_view line, const std::vector<std::string>& deeds) {
  for (const std::string& word : deeds) {
    for (const std::string_view fate :
         {" rejected", " failed", " refused", " denied", " aborted"}) {
      if (line.find(word + std::string(fate)) != std::string_view::npos) {
        return true;
      }
    }
  }
  return false;
}

bool tells_failure(std::string_view line, const std::vector<std::string>& command) {
  constexpr auto kOpenings = std::to_array<std::string_view>({"npm err!",
                                                              "yarn error",
                                                              "error:",
                                                              "error during",
                                                              "error[",
                                                              "fatal:",
                                                              "e: ",
                                                              "make: ***",
                                                              "build failed",
                                                              "failed to "});
  constexpr auto kParts = std::to_array<std::string_view>({": permission denied",
                                                           "command not found",
                                                           "operation not permitted",
                                                           "cannot delete",
                                                           "cannot remove",
                                                           "read-only file system",
                                                           "no space left on device"});
  const bool opens =
      std::any_of(kOpenings.begin(), kOpenings.end(), [line](std::string_view words) {
        return line.starts_with(words);
      });
  const bool holds = std::any_of(kParts.begin(), kParts.end(), [line](std::string_view words) {
    return line.find(words) != std::string_view::npos;
  });
  return opens || holds || tells_bad_exit(line) || denies_the_deed(line, command);
}

}  // namespace

bool runs_a_program(std::string_view tool) {
  constexpr auto kPrograms = std::to_array<std::string_view>({"npm",
                                                              "npx",
                                                              "yarn",
                                                              "pnpm",
                                                              "pip",
                                                              "make",
                                                              "cargo",
                                                              "go",
                                                              "docker",
                                                              "kubectl",
                                                              "terraform",
                                                              "helm",
                                                              "git",
                                                              "gradle",
                                                              "mvn",
                                                              "ssh",
                                                              "apt",
                                                              "brew"});
  const std::vector<std::string> words = name_words(tool);
  return runs_anything(tool) || (words.size() == 1 && is_one_of(words[0], kPrograms));
}

bool commands_a_deed(std::string_view command) {
  constexpr std::size_t kWordsMax = 60;
  const std::vector<std::string> words = command_words(command);
  return std::any_of(words.begin(),
                     words.begin() + static_cast<std::ptrdiff_t>(std::min(words.size(), kWordsMax)),
                     [](const std::string& word) { return is_deed(word); });
}

bool share_a_thing(std::string_view one, std::string_view other) {
  constexpr std::size_t kLettersMin = 4;
  const std::vector<std::string> theirs = command_words(other);
  const std::vector<std::string> mine = command_words(one);
  return std::any_of(mine.begin(), mine.end(), [&](const std::string& word) {
    const bool telling = word.size() >= kLettersMin && word != "install" && word != "save";
    return telling && std::find(theirs.begin(), theirs.end(), word) != theirs.end();
  });
}

std::optional<ErrorWords> program_failure(std::string_view command, std::string_view answer) {
  if (!commands_a_deed(command)) {
    return std::nullopt;
  }
  std::vector<std::string> words = command_words(command);
  std::erase_if(words, [](const std::string& word) { return !is_deed(word); });
  constexpr std::size_t kDeedsMax = 8;
  words.resize(std::min(words.size(), kDeedsMax));
  const std::string_view text = prefix_of(answer, kAnswerMax);
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = trim(text.substr(start, end - start));
    if (!line.empty() && tells_failure(fold_case(line), words)) {
      constexpr std::size_t kBytesMax = 300;
      const auto from = static_cast<std::size_t>(line.data() - answer.data());
      return ErrorWords{from, from + prefix_of(line, kBytesMax).size()};
    }
    start = end + 1;
  }
  return std::nullopt;
}

}  // namespace infinium::maestro
