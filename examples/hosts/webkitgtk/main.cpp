// elicense-host: the licence page in a window of WebKitGTK, as an app would have it. Prints what the page says, takes
// commands.
#include <cstdio>

#include "commands.h"
#include "files/key_files.h"
#include "licence_window.h"

namespace elicense::host {
namespace {

struct Words {
  char* page = nullptr;
  char* authority = nullptr;
  char* root_key = nullptr;
  char* lang = nullptr;
  char* data = nullptr;
  char* device_key = nullptr;
  char* frames_from = nullptr;
};

std::string text(const char* word) { return word == nullptr ? "" : word; }

Outcome<Settings> settings_of(const Words& words) {
  Settings settings;
  settings.page = text(words.page);
  settings.authority = text(words.authority);
  settings.root_key = text(words.root_key);
  settings.language = text(words.lang);
  settings.data = text(words.data);
  settings.frames_from = text(words.frames_from);
  if (origin_of(words.page).empty()) return usage_problem("--page: a URL is needed");
  if (settings.authority.empty() || settings.root_key.empty())
    return usage_problem("--authority and --root-key are needed");
  if (words.frames_from != nullptr && origin_of(words.frames_from) != settings.frames_from) {
    return usage_problem("--frames-from: an origin is needed");
  }
  if (words.device_key != nullptr) {
    InputFiles files;
    ELICENSE_TRY(settings.device_key, read_secret_key(words.device_key, files));
  }
  return settings;
}

int run(int count, char** words) {
  Words given;
  const GOptionEntry entries[] = {
      {"page", 0, 0, G_OPTION_ARG_STRING, &given.page, "the licence page; only its origin is shown", "URL"},
      {"authority", 0, 0, G_OPTION_ARG_STRING, &given.authority, "the authority", "ORIGIN"},
      {"root-key", 0, 0, G_OPTION_ARG_STRING, &given.root_key, "its root key, base64url", "KEY"},
      {"lang", 0, 0, G_OPTION_ARG_STRING, &given.lang, "zh-CN or en", "LANG"},
      {"data", 0, 0, G_OPTION_ARG_FILENAME, &given.data, "where the page's data is kept; else it goes with the window",
       "DIR"},
      {"device-key", 0, 0, G_OPTION_ARG_FILENAME, &given.device_key,
       "sign by this key (elicense keys new), not by the page's", "FILE"},
      {"frames-from", 0, 0, G_OPTION_ARG_STRING, &given.frames_from, "another origin that the page may have in frames",
       "ORIGIN"},
      {nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr}};
  GError* error = nullptr;
  if (gtk_init_with_args(&count, &words, "", entries, nullptr, &error) == FALSE) {
    std::fprintf(stderr, "elicense-host: %s\n", error == nullptr ? "there is no display" : error->message);
    return 2;
  }
  auto settings = settings_of(given);
  if (!settings.ok()) {
    std::fprintf(stderr, "elicense-host: %s\n", settings.error().reason.c_str());
    return 2;
  }
  LicenceWindow window(std::move(settings).value());
  watch_commands(window);
  gtk_main();
  return 0;
}

}  // namespace
}  // namespace elicense::host

int main(int count, char** words) { return elicense::host::run(count, words); }
