// One line on standard error for each thing worth saying. Takes no query strings, bodies, addresses or names of people:
// callers log route patterns and codes. Refuses control characters, so that nobody can forge a line.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace elicense::authority {

enum class LogLevel : std::uint8_t { error, warning, info, debug };
std::optional<LogLevel> log_level_of(std::string_view name);

void set_log_level(LogLevel level);
bool is_logged(LogLevel level);
void log_line(LogLevel level, std::string_view text);

}  // namespace elicense::authority
