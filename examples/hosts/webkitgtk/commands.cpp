#include "commands.h"

#include <glib-unix.h>
#include <unistd.h>

#include <csignal>
#include <string_view>

#include "files/files.h"
#include "report.h"

namespace elicense::host {
namespace {

bool carry_out(LicenceWindow& window, std::string_view line) {
  const std::size_t space = line.find(' ');
  const std::string_view name = line.substr(0, space);
  std::string rest(space == std::string_view::npos ? std::string_view() : line.substr(space + 1));
  const bool alone = rest.empty();
  if (name == "code" && !alone) {
    window.hand_over(std::move(rest));
  } else if (name == "picture" && !alone) {
    return window.save_picture(rest);
  } else if (name == "open" && !alone) {
    window.load(rest);
  } else if ((name == "cover" || name == "uncover") && alone) {
    window.cover(Cover::asked, name == "cover");
  } else if (name == "front" && alone) {
    window.to_front();
  } else if (name == "reload" && alone) {
    window.reload();
  } else if (name == "quit" && alone) {
    gtk_main_quit();
  } else {
    return false;
  }
  return true;
}

gboolean read_line(GIOChannel* input, GIOCondition, gpointer window) {
  char* text = nullptr;
  gsize end = 0;
  const GIOStatus status = g_io_channel_read_line(input, &text, nullptr, &end, nullptr);
  if (status == G_IO_STATUS_AGAIN) return G_SOURCE_CONTINUE;
  if (status != G_IO_STATUS_NORMAL) return G_SOURCE_REMOVE;
  std::string line(text, end);
  g_free(text);
  const std::string name = line.substr(0, line.find(' '));
  const bool done = carry_out(*static_cast<LicenceWindow*>(window), line);
  wipe(line);
  if (done) {
    report({{"done", name}});
  } else {
    report({{"refused", "command"}});
  }
  return G_SOURCE_CONTINUE;
}

gboolean cover(gpointer window) {
  static_cast<LicenceWindow*>(window)->cover(Cover::asked, true);
  return G_SOURCE_CONTINUE;
}

gboolean uncover(gpointer window) {
  static_cast<LicenceWindow*>(window)->cover(Cover::asked, false);
  return G_SOURCE_CONTINUE;
}

gboolean quit(gpointer) {
  gtk_main_quit();
  return G_SOURCE_CONTINUE;
}

}  // namespace

void watch_commands(LicenceWindow& window) {
  GIOChannel* input = g_io_channel_unix_new(STDIN_FILENO);
  g_io_channel_set_encoding(input, nullptr, nullptr);
  g_io_add_watch(input, static_cast<GIOCondition>(G_IO_IN | G_IO_HUP), read_line, &window);
  g_io_channel_unref(input);
  g_unix_signal_add(SIGUSR1, cover, &window);
  g_unix_signal_add(SIGUSR2, uncover, &window);
  g_unix_signal_add(SIGINT, quit, nullptr);
  g_unix_signal_add(SIGTERM, quit, nullptr);
}

}  // namespace elicense::host
