#include "licence_window.h"

#include <memory>

#include "base/base64url.h"
#include "files/files.h"
#include "relay.h"
#include "report.h"

namespace elicense::host {
namespace {

// The app's own script world: what is registered there no page can see.
constexpr const char* kWorld = "e-license";
constexpr const char* kHandler = "eLicense";
constexpr int kWidth = 390;
constexpr int kHeight = 844;

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

struct Free {
  void operator()(char* text) const { g_free(text); }
};
using OwnedText = std::unique_ptr<char, Free>;

// Connects a signal to a function object without state that takes the window first.
template <class Handler>
void on(gpointer object, const char* signal, Handler handler, LicenceWindow* self) {
  g_signal_connect(object, signal, G_CALLBACK(+handler), self);
}

WebKitWebContext* make_context(const std::string& data) {
  const Owned<WebKitWebsiteDataManager> kept(
      data.empty() ? webkit_website_data_manager_new_ephemeral()
                   : webkit_website_data_manager_new("base-data-directory", data.c_str(), "base-cache-directory",
                                                     data.c_str(), nullptr));
  WebKitWebContext* context = webkit_web_context_new_with_website_data_manager(kept.get());
  webkit_web_context_set_sandbox_enabled(context, TRUE);
  webkit_web_context_set_cache_model(context, WEBKIT_CACHE_MODEL_DOCUMENT_VIEWER);
  return context;
}

void told(GObject* view, GAsyncResult* result, gpointer name) {
  const OwnedText ask(static_cast<char*>(name));
  GError* error = nullptr;
  const Owned<JSCValue> value(
      webkit_web_view_call_async_javascript_function_finish(WEBKIT_WEB_VIEW(view), result, &error));
  const bool taken = value && jsc_value_is_boolean(value.get()) && jsc_value_to_boolean(value.get());
  g_clear_error(&error);
  report({{"told", ask.get()}, {"taken", taken}});
}

const char* requested(WebKitPolicyDecision* decision, WebKitPolicyDecisionType type) {
  WebKitURIRequest* request =
      type == WEBKIT_POLICY_DECISION_TYPE_RESPONSE
          ? webkit_response_policy_decision_get_request(WEBKIT_RESPONSE_POLICY_DECISION(decision))
          : webkit_navigation_action_get_request(
                webkit_navigation_policy_decision_get_navigation_action(WEBKIT_NAVIGATION_POLICY_DECISION(decision)));
  return webkit_uri_request_get_uri(request);
}

}  // namespace

std::string origin_of(const char* uri) {
  if (uri == nullptr || !g_uri_is_valid(uri, G_URI_FLAGS_NONE, nullptr)) return {};
  WebKitSecurityOrigin* origin = webkit_security_origin_new_for_uri(uri);
  const OwnedText text(webkit_security_origin_to_string(origin));
  webkit_security_origin_unref(origin);
  return text ? text.get() : "";
}

LicenceWindow::LicenceWindow(Settings settings)
    : settings_(std::move(settings)), origin_(origin_of(settings_.page.c_str())) {
  const Owned<WebKitWebContext> context(make_context(settings_.data));
  const Owned<WebKitUserContentManager> content(webkit_user_content_manager_new());
  add_relay(content.get());
  view_ = WEBKIT_WEB_VIEW(
      g_object_new(WEBKIT_TYPE_WEB_VIEW, "web-context", context.get(), "user-content-manager", content.get(), nullptr));
  window_ = gtk_window_new(GTK_WINDOW_TOPLEVEL);
  gtk_window_set_title(GTK_WINDOW(window_), "e-license");
  gtk_window_set_default_size(GTK_WINDOW(window_), kWidth, kHeight);
  gtk_container_add(GTK_CONTAINER(window_), GTK_WIDGET(view_));

  on(
      view_, "decide-policy",
      [](WebKitWebView*, WebKitPolicyDecision* decision, WebKitPolicyDecisionType type,
         LicenceWindow* self) -> gboolean {
        if (self->may_navigate(decision, type)) return FALSE;
        webkit_policy_decision_ignore(decision);
        report({{"refused", "navigation"}});
        return TRUE;
      },
      this);
  // Nothing else that a browser would offer: no menu, no download; windows and permissions are refused by themselves.
  on(
      view_, "context-menu",
      [](WebKitWebView*, WebKitContextMenu*, GdkEvent*, WebKitHitTestResult*, LicenceWindow*) -> gboolean {
        return TRUE;
      },
      this);
  on(
      context.get(), "download-started",
      [](WebKitWebContext*, WebKitDownload* download, LicenceWindow*) {
        webkit_download_cancel(download);
        report({{"refused", "download"}});
      },
      this);
  on(
      view_, "load-changed",
      [](WebKitWebView*, WebKitLoadEvent event, LicenceWindow* self) {
        if (event == WEBKIT_LOAD_COMMITTED) self->ready_ = false;
      },
      this);
  on(
      view_, "web-process-terminated",
      [](WebKitWebView*, WebKitWebProcessTerminationReason, LicenceWindow* self) {
        report({{"ended", "page"}});
        self->reload();
      },
      this);
  on(
      window_, "focus-in-event",
      [](GtkWidget*, GdkEvent*, LicenceWindow* self) -> gboolean {
        self->cover(Cover::behind, false);
        return FALSE;
      },
      this);
  on(
      window_, "focus-out-event",
      [](GtkWidget*, GdkEvent*, LicenceWindow* self) -> gboolean {
        self->cover(Cover::behind, true);
        return FALSE;
      },
      this);
  on(
      window_, "window-state-event",
      [](GtkWidget*, GdkEventWindowState* event, LicenceWindow* self) -> gboolean {
        self->cover(Cover::minimised, (event->new_window_state & GDK_WINDOW_STATE_ICONIFIED) != 0);
        return FALSE;
      },
      this);
  on(
      window_, "destroy", [](GtkWidget*, LicenceWindow*) { gtk_main_quit(); }, this);

  gtk_widget_show_all(window_);
  load(settings_.page);
}

void LicenceWindow::add_relay(WebKitUserContentManager* content) {
  const std::string text = std::string(text_of(script("relay.js"))) + "relay(" + Json(origin_).dump() + ");\n";
  // Its patterns know no port: that the relay looks at itself.
  const std::string pages = origin_.substr(0, origin_.find(':', origin_.find("//"))) + "/*";
  const char* allowed[] = {pages.c_str(), nullptr};
  WebKitUserScript* relay =
      webkit_user_script_new_for_world(text.c_str(), WEBKIT_USER_CONTENT_INJECT_TOP_FRAME,
                                       WEBKIT_USER_SCRIPT_INJECT_AT_DOCUMENT_START, kWorld, allowed, nullptr);
  webkit_user_content_manager_add_script(content, relay);
  webkit_user_script_unref(relay);
  on(
      content, "script-message-received::eLicense",
      [](WebKitUserContentManager*, WebKitJavascriptResult* result, LicenceWindow* self) {
        JSCValue* value = webkit_javascript_result_get_js_value(result);
        const OwnedText text(jsc_value_is_string(value) ? jsc_value_to_string(value) : nullptr);
        // WebKitGTK does not say who has sent it: nobody can but the relay, and nowhere but on the page.
        if (!self->is_ours(webkit_web_view_get_uri(self->view_))) return report({{"refused", "origin"}});
        self->hear(text ? text.get() : "");
      },
      this);
  webkit_user_content_manager_register_script_message_handler_in_world(content, kHandler, kWorld);
}

bool LicenceWindow::is_ours(const char* uri) const { return !origin_.empty() && origin_of(uri) == origin_; }

// WebKitGTK tells only with the answer whether it is for the top frame: there no page of another origin begins.
bool LicenceWindow::may_navigate(WebKitPolicyDecision* decision, WebKitPolicyDecisionType type) const {
  if (type == WEBKIT_POLICY_DECISION_TYPE_NEW_WINDOW_ACTION) return false;
  const char* uri = requested(decision, type);
  if (is_ours(uri)) return true;
  if (settings_.frames_from.empty() || origin_of(uri) != settings_.frames_from) return false;
  return type == WEBKIT_POLICY_DECISION_TYPE_NAVIGATION_ACTION ||
         !webkit_response_policy_decision_is_main_frame_main_resource(WEBKIT_RESPONSE_POLICY_DECISION(decision));
}

void LicenceWindow::hear(const std::string& text) {
  const auto message = read_message(text);
  if (!message.ok()) return report({{"refused", name_of(message.error())}});
  if (message->event == "ready") return begin();
  if (message->event == "sign") return sign(message->detail);
  report({{"event", message->event}, {"detail", message->detail}});
}

void LicenceWindow::begin() {
  report({{"event", "ready"}});
  ready_ = true;
  if (covered_ != 0) tell("cover");
  Json::Object attributes = {{"authority", settings_.authority}, {"root-key", settings_.root_key}};
  if (!settings_.language.empty()) attributes.emplace_back("lang", settings_.language);
  Json::Object more = {{"settings", std::move(attributes)}};
  if (settings_.device_key) more.emplace_back("signer", base64url_encode(settings_.device_key->public_key().view()));
  tell("set", std::move(more));
  hand_over({});
}

void LicenceWindow::hand_over(std::string code) {
  if (!code.empty()) code_ = std::move(code);
  if (!ready_ || code_.empty()) return;
  tell("code", {{"code", code_}});
  wipe(code_);
  code_.clear();
}

void LicenceWindow::sign(const Json& detail) {
  const auto bytes = base64url_decode(*detail.find("bytes")->string());
  if (!settings_.device_key || !bytes.ok()) return report({{"refused", "sign"}});
  const Signature signature = settings_.device_key->sign(SigningInput{*bytes});
  tell("signed", {{"id", *detail.find("id")}, {"signature", base64url_encode(signature.view())}});
}

void LicenceWindow::cover(Cover reason, bool covered) {
  const unsigned before = covered_;
  covered_ = covered ? covered_ | static_cast<unsigned>(reason) : covered_ & ~static_cast<unsigned>(reason);
  if (!ready_ || (before != 0) == (covered_ != 0)) return;
  tell(covered_ != 0 ? "cover" : "uncover");
}

// Into the relay's world, where there is somebody to hear it on our page alone; never as part of a script's text.
void LicenceWindow::tell(std::string_view ask, Json::Object more) {
  GVariantDict arguments;
  g_variant_dict_init(&arguments, nullptr);
  g_variant_dict_insert(&arguments, "text", "s", message(ask, std::move(more)).c_str());
  GVariant* given = g_variant_ref_sink(g_variant_dict_end(&arguments));
  webkit_web_view_call_async_javascript_function(view_, "return hear(text);", -1, given, kWorld, nullptr, nullptr, told,
                                                 g_strndup(ask.data(), ask.size()));
  g_variant_unref(given);
}

void LicenceWindow::load(const std::string& url) { webkit_web_view_load_uri(view_, url.c_str()); }

void LicenceWindow::reload() { webkit_web_view_reload(view_); }

void LicenceWindow::to_front() { gtk_window_present(GTK_WINDOW(window_)); }

bool LicenceWindow::save_picture(const std::string& path) {
  const Owned<GdkPixbuf> picture(gdk_pixbuf_get_from_window(gtk_widget_get_window(window_), 0, 0,
                                                            gtk_widget_get_allocated_width(window_),
                                                            gtk_widget_get_allocated_height(window_)));
  return picture && gdk_pixbuf_save(picture.get(), path.c_str(), "png", nullptr, nullptr) != FALSE;
}

}  // namespace elicense::host
