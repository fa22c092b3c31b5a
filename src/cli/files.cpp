#include "cli/files.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <system_error>

namespace infinium::cli {
namespace {

Error cannot(const std::string& what, const std::string& file, int error) {
  return Error{error == ENOENT ? Code::not_found : Code::unavailable,
               "cannot " + what + " " + file + ": " + std::generic_category().message(error)};
}

Result<std::ifstream> open_file(const std::string& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) {
    return cannot("read", file, EISDIR);
  }
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    return cannot("read", file, errno);
  }
  return stream;
}

}  // namespace

Result<std::string> read_all(const std::string& file, std::size_t bytes_max) {
  std::ifstream opened;
  if (file != "-") {
    Result<std::ifstream> stream = open_file(file);
    if (!stream) {
      return std::move(stream).error();
    }
    opened = *std::move(stream);
  }
  std::istream& in = file == "-" ? std::cin : opened;
  std::string text;
  char buffer[65'536];
  while (in.read(buffer, sizeof buffer), in.gcount() > 0) {
    text.append(buffer, static_cast<std::size_t>(in.gcount()));
    if (text.size() > bytes_max) {
      return Error{Code::too_large,
                   file + " has more than " + std::to_string(bytes_max) + " bytes"};
    }
  }
  if (in.bad()) {
    return cannot("read", file, EIO);
  }
  return text;
}

Result<LineReader> LineReader::open(const std::string& file, std::size_t line_bytes_max) {
  LineReader reader(line_bytes_max);
  if (file != "-") {
    Result<std::ifstream> stream = open_file(file);
    if (!stream) {
      return std::move(stream).error();
    }
    reader.file_ = *std::move(stream);
  }
  return reader;
}

std::istream& LineReader::input() {
  if (file_) {
    return *file_;
  }
  return std::cin;
}

std::optional<Result<std::string>> LineReader::next() {
  std::streambuf& in = *input().rdbuf();
  std::string line;
  bool too_long = false;
  bool any = false;
  while (true) {
    const int c = in.sbumpc();
    if (c == std::char_traits<char>::eof()) {
      break;
    }
    any = true;
    if (c == '\n') {
      break;
    }
    if (line.size() < line_bytes_max_) {
      line += static_cast<char>(c);
    } else {
      too_long = true;
    }
  }
  if (!any) {
    return std::nullopt;
  }
  ++line_number_;
  if (too_long) {
    return Error{Code::too_large,
                 "the line has more than " + std::to_string(line_bytes_max_) + " bytes"};
  }
  return line;
}

Result<std::filesystem::path> data_folder(const std::string& given) {
  if (!given.empty()) {
    return std::filesystem::absolute(given);
  }
  if (const char* folder = std::getenv("INFINIUM_DATA"); folder != nullptr && *folder != '\0') {
    return std::filesystem::absolute(folder);
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    return std::filesystem::absolute(home) / ".local/share/infinium";
  }
  return Error{Code::invalid_argument,
               "no data folder is known: give --data, or set INFINIUM_DATA or HOME",
               "--data"};
}

Status write_atomically(const std::filesystem::path& file, const std::string& text) {
  const std::string partial = file.string() + "." + std::to_string(::getpid()) + ".partial";
  std::ofstream out(partial, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out || std::rename(partial.c_str(), file.c_str()) != 0) {
    const int error = errno;
    ::unlink(partial.c_str());
    return cannot("write", file.string(), error == 0 ? EIO : error);
  }
  return {};
}

}  // namespace infinium::cli
