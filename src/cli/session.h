// What a command may use of the world besides its options, and how a command is described.
#pragma once

#include <string_view>
#include <vector>

#include "cli/options.h"
#include "crypto/random.h"
#include "files/files.h"

namespace elicense::cli {

struct Session {
  InputFiles files;
  SystemRandom random;
};

struct Command {
  std::string_view group;
  std::string_view verb;  // empty: the group is the command
  std::string_view summary;
  std::string_view details;  // lines for its help
  OptionTable options;
  Outcome<Report> (*run)(const Arguments&, Session&);
};

std::vector<Command> code_commands();
std::vector<Command> lease_commands();
std::vector<Command> licence_commands();
std::vector<Command> status_commands();
std::vector<Command> trust_list_commands();
std::vector<Command> key_commands();
std::vector<Command> receipt_commands();
std::vector<Command> qr_commands();

OptionTable key_option(std::string_view help);  // --key FILE, required

// Tokens, texts and claims are read from --in FILE, else from standard input.
OptionTable in_option(std::string_view what);
Outcome<std::string> read_token(const Arguments& arguments, Session& session, std::size_t most);

// What a command made goes to --out FILE, else to standard output; with --json as the member `name`.
OptionTable out_option();
struct Product {
  std::string_view name;
  std::string text;
  Readers readers;
};
Outcome<Report> deliver(const Arguments& arguments, const Product& product);

}  // namespace elicense::cli
