// qr.
#include <unistd.h>

#include <algorithm>
#include <array>

#include "cli/session.h"
#include "codec/png.h"
#include "codec/qr_code.h"
#include "licence/live_code.h"

namespace elicense::cli {
namespace {

constexpr std::size_t kQuietZone = 4;  // modules
constexpr std::int64_t kMostScale = 64;

Outcome<QrLevel> read_level(const Arguments& arguments) {
  constexpr std::array<std::pair<std::string_view, QrLevel>, 4> kLevels = {
      {{"L", QrLevel::low}, {"M", QrLevel::medium}, {"Q", QrLevel::quartile}, {"H", QrLevel::high}}};
  const std::string name = arguments.text("--level").value_or("L");
  const auto found =
      std::find_if(kLevels.begin(), kLevels.end(), [&name](const auto& level) { return level.first == name; });
  if (found == kLevels.end()) return usage_problem("--level takes L, M, Q or H");
  return found->second;
}

// Two rows of modules a line. Light modules are the ones printed: on a dark terminal that is right as it is; where
// colours can be had, they make it right on any.
std::string half_blocks(const QrCode& code) {
  const std::string_view begin = isatty(STDOUT_FILENO) == 1 ? "\x1b[97;40m" : "";
  const std::string_view end = begin.empty() ? "" : "\x1b[0m";
  const auto light = [&code](std::size_t x, std::size_t y) {
    const bool inside = x >= kQuietZone && y >= kQuietZone && x < code.size + kQuietZone && y < code.size + kQuietZone;
    return !inside || !code.dark(x - kQuietZone, y - kQuietZone);
  };
  const std::size_t side = code.size + 2 * kQuietZone;
  std::string text;
  for (std::size_t y = 0; y < side; y += 2) {
    text += begin;
    for (std::size_t x = 0; x < side; ++x) {
      const bool upper = light(x, y);
      const bool lower = y + 1 < side && light(x, y + 1);
      text += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
    }
    text += end;
    text += '\n';
  }
  return text;
}

Json rows_json(const QrCode& code) {
  Json::Array rows;
  for (std::size_t y = 0; y < code.size; ++y) {
    std::string row;
    for (std::size_t x = 0; x < code.size; ++x) row += code.dark(x, y) ? '1' : '0';
    rows.emplace_back(std::move(row));
  }
  return rows;
}

Outcome<Report> draw(const Arguments& arguments, Session& session) {
  ELICENSE_TRY(const QrLevel level, read_level(arguments));
  ELICENSE_TRY(const auto scale, arguments.count("--scale"));
  const auto png = arguments.text("--png");
  if (scale && (!png || *scale < 1 || *scale > kMostScale))
    return usage_problem("--scale goes with --png and takes 1 to 64");
  ELICENSE_TRY(const std::string text, read_token(arguments, session, kMostCodeCharacters));
  const auto code = qr_encode(text, level);
  if (!code.ok()) return refusal(code.error(), "a QR code takes 0-9, A-Z and $%*+-./: and space here, as many as fit");
  Json::Object json{{"version", code->version}, {"modules", static_cast<std::int64_t>(code->size)}};
  if (!png) {
    json.emplace_back("rows", rows_json(*code));
    return Report{.exit = Exit::good, .json = std::move(json), .text = half_blocks(*code)};
  }
  const Bytes image = png_of(*code, static_cast<std::size_t>(scale.value_or(8)));
  ELICENSE_CHECK(write_file(*png, text_of(image), Readers::owner));
  json.emplace_back("png", *png);
  return Report{.exit = Exit::good,
                .json = std::move(json),
                .text = "written to " + *png + ", version " + std::to_string(code->version) + "\n"};
}

}  // namespace

std::vector<Command> qr_commands() {
  return {{.group = "qr",
           .verb = {},
           .summary = "draw a text as a QR code, in the terminal or as a PNG file",
           .details = "The text goes in as it is, in alphanumeric mode: the smallest version that holds it, with a "
                      "quiet zone of 4.\n",
           .options =
               in_option("the text (default: standard input)") +
               OptionTable{{"--png", "FILE", Presence::optional, "write a PNG file instead of drawing in the terminal"},
                           {"--level", "L|M|Q|H", Presence::optional, "error correction (default L)"},
                           {"--scale", "N", Presence::optional, "pixels a module in the PNG, 1 to 64 (default 8)"}},
           .run = draw}};
}

}  // namespace elicense::cli
