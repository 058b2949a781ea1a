#include "cli/session.h"

namespace elicense::cli {

OptionTable key_option(std::string_view help) { return {{"--key", "FILE", Presence::required, help}}; }

OptionTable in_option(std::string_view what) { return {{"--in", "FILE", Presence::optional, what}}; }

Outcome<std::string> read_token(const Arguments& arguments, Session& session, std::size_t most) {
  return session.files.read_line(arguments.text("--in").value_or("-"), most);
}

OptionTable out_option() {
  return {{"--out", "FILE", Presence::optional, "where to write it (default: standard output)"}};
}

Outcome<Report> deliver(const Arguments& arguments, const Product& product) {
  const auto path = arguments.text("--out");
  const std::string member(product.name);
  if (!path)
    return Report{.exit = Exit::good, .json = Json::Object{{member, product.text}}, .text = product.text + "\n"};
  ELICENSE_CHECK(write_file(*path, product.text + "\n", product.readers));
  return Report{.exit = Exit::good, .json = Json::Object{{"out", *path}}, .text = "written to " + *path + "\n"};
}

}  // namespace elicense::cli
