// A window with the licence page, and all that stands between the two: who may speak, where the page may go, when it is
// covered. Only the page's own origin is shown, and only its top frame hears and is heard.
#pragma once

#include <webkit2/webkit2.h>

#include <optional>
#include <string>

#include "crypto/ed25519.h"
#include "messages.h"

namespace elicense::host {

struct Settings {
  std::string page;                     // URL of the licence page
  std::string authority;                // its origin
  std::string root_key;                 // base64url, several apart by spaces
  std::string language;                 // empty: the element's own
  std::string data;                     // folder of what the page keeps; empty: nothing outlives the program
  std::string frames_from;              // one other origin whose pages may be framed; empty: none
  std::optional<SecretKey> device_key;  // empty: the page has its own
};

// Why the licence is covered; it is until no reason is left.
enum class Cover : unsigned { asked = 1, behind = 2, minimised = 4 };

class LicenceWindow {
 public:
  explicit LicenceWindow(Settings settings);  // shows it; the main loop ends with the window
  LicenceWindow(const LicenceWindow&) = delete;
  LicenceWindow& operator=(const LicenceWindow&) = delete;
  ~LicenceWindow() = default;  // GTK destroys the window with the program

  void hand_over(std::string code);  // to the page, as soon as it is there; good once
  void cover(Cover reason, bool covered);
  void load(const std::string& url);  // as if the page itself went there
  void reload();
  void to_front();
  bool save_picture(const std::string& path);  // of the window as it is on the screen, PNG

 private:
  void add_relay(WebKitUserContentManager* content);
  void hear(const std::string& text);
  void begin();
  void sign(const Json& detail);
  void tell(std::string_view ask, Json::Object more = {});
  bool may_navigate(WebKitPolicyDecision* decision, WebKitPolicyDecisionType type) const;
  bool is_ours(const char* uri) const;

  Settings settings_;
  std::string origin_;
  std::string code_;  // not handed over yet
  unsigned covered_ = 0;
  bool ready_ = false;
  GtkWidget* window_ = nullptr;
  WebKitWebView* view_ = nullptr;
};

// scheme://host:port; empty when it has none.
std::string origin_of(const char* uri);

}  // namespace elicense::host
