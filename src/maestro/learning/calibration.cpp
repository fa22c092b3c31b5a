#include "infinium/calibration.h"

#include <bit>

#include "base/try.h"

/// The bytes: "ICAL", a version, the number of signals, `learned_with`, the two optional parts, the
/// rules, and a CRC-32 of all that. Integers and IEEE doubles stand with the lowest byte first.
namespace infinium::maestro {
namespace {

constexpr std::string_view kMagic = "ICAL";
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kNameMax = 32;
constexpr double kWeightMax = 100;

/// CRC-32 (IEEE 802.3).
std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const char c : bytes) {
    crc ^= static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1u) ^ ((crc & 1u) != 0 ? 0xEDB88320u : 0u);
    }
  }
  return ~crc;
}

class Writer {
 public:
  void integer(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) {
      bytes_ += static_cast<char>(static_cast<std::uint8_t>(value >> (8 * i)));
    }
  }
  void real(double value) { integer(std::bit_cast<std::uint64_t>(value + 0.0), 8); }  // no -0
  void text(std::string_view text) {
    integer(text.size(), 1);
    bytes_ += text;
  }
  void success(const std::optional<Calibration::Success>& part) {
    integer(part ? 1 : 0, 1);
    if (part) {
      real(part->offset);
      real(part->slope);
      for (const double weight : part->weights) {
        real(weight);
      }
      integer(static_cast<std::uint64_t>(part->runs), 8);
    }
  }
  std::string& bytes() { return bytes_; }

 private:
  std::string bytes_;
};

/// Reads to the end or the first thing that is not as it must be; then `ok` is false for good.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t integer(std::size_t size) {
    if (rest_.size() < size) {
      ok_ = false;
      return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = size; i > 0; --i) {
      value = value << 8u | static_cast<std::uint8_t>(rest_[i - 1]);
    }
    rest_.remove_prefix(size);
    return value;
  }
  double real(double least, double most) {
    const auto value = std::bit_cast<double>(integer(8));
    check(value >= least && value <= most);
    return value;
  }
  std::string text() {
    const std::size_t size = integer(1);
    check(size <= kNameMax && size <= rest_.size());
    if (!ok_) {
      return {};
    }
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }
  std::optional<Calibration::Success> success() {
    const std::uint64_t present = integer(1);
    check(present <= 1);
    if (present == 0) {
      return std::nullopt;
    }
    Calibration::Success part;
    part.offset = real(-kWeightMax, kWeightMax);
    part.slope = real(-kWeightMax, kWeightMax);
    for (double& weight : part.weights) {
      weight = real(-kWeightMax, kWeightMax);
    }
    part.runs = static_cast<std::int64_t>(integer(8));
    check(part.runs >= 0);
    return part;
  }
  void check(bool holds) { ok_ = ok_ && holds; }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool ended() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

Error damaged() { return {Code::corrupt, "these are not the bytes of a calibration"}; }

Status check_frame(std::string_view bytes) {
  if (bytes.size() > Calibration::kBytesMax) {
    return Error{Code::too_large, "these are more bytes than a calibration has"};
  }
  if (!bytes.starts_with(kMagic) || bytes.size() < kMagic.size() + 6) {
    return damaged();
  }
  Reader sum(bytes.substr(bytes.size() - 4));
  if (sum.integer(4) != crc32(bytes.substr(0, bytes.size() - 4))) {
    return damaged();
  }
  Reader head(bytes.substr(kMagic.size()));
  if (head.integer(1) != kVersion || head.integer(1) != Calibration::kSignals) {
    return Error{Code::invalid_argument, "this calibration is of another version of the program"};
  }
  return {};
}

}  // namespace

std::string Calibration::encode() const {
  Writer writer;
  writer.bytes() = kMagic;
  writer.integer(kVersion, 1);
  writer.integer(kSignals, 1);
  writer.text(learned_with);
  writer.success(inside);
  writer.success(outside);
  writer.integer(rules.size(), 1);
  for (const Rule& rule : rules) {
    writer.text(rule.rule);
    for (const double value : rule.agreement) {
      writer.real(value);
    }
  }
  writer.integer(crc32(writer.bytes()), 4);
  return std::move(writer.bytes());
}

Result<Calibration> Calibration::decode(std::string_view bytes) {
  TRY_VOID(check_frame(bytes));
  Reader reader(bytes.substr(kMagic.size() + 2, bytes.size() - kMagic.size() - 6));
  Calibration read;
  read.learned_with = reader.text();
  read.inside = reader.success();
  read.outside = reader.success();
  const std::size_t rules = reader.integer(1);
  reader.check(rules <= kRulesMax);
  for (std::size_t i = 0; reader.ok() && i < rules; ++i) {
    Rule rule;
    rule.rule = reader.text();
    for (double& value : rule.agreement) {
      value = reader.real(0, 1);
    }
    reader.check(read.rules.empty() || read.rules.back().rule < rule.rule);
    read.rules.push_back(std::move(rule));
  }
  if (!reader.ok() || !reader.ended()) {
    return damaged();
  }
  return read;
}

}  // namespace infinium::maestro
