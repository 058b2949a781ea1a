// keys new, keys public.
#include "base/base64url.h"
#include "cli/session.h"
#include "files/key_files.h"
#include "token/jwk.h"

namespace elicense::cli {
namespace {

Report show(const PublicKey& key) {
  const Json jwk = public_jwk(key);
  return {.exit = Exit::good, .json = jwk, .text = jwk.dump_pretty() + "\n"};
}

Outcome<Report> new_key(const Arguments& arguments, Session& session) {
  const SecretKey key = SecretKey::generate(session.random);
  ELICENSE_CHECK(create_key_file(arguments.required("--out"), key));
  return show(key.public_key());
}

Outcome<Report> public_key(const Arguments& arguments, Session& session) {
  ELICENSE_TRY(const SecretKey key, read_secret_key(arguments.required("--key"), session.files));
  Report report = show(key.public_key());
  if (arguments.has("--pin")) {
    report.text = key_name(key.public_key()) + "=" + base64url_encode(key.public_key().view()) + "\n";
  }
  return report;
}

}  // namespace

std::vector<Command> key_commands() {
  return {
      {.group = "keys",
       .verb = "new",
       .summary = "make an Ed25519 key",
       .details = "Writes the secret key as a JWK to a new file with mode 0600 and prints the public JWK. A file "
                  "that is there\n"
                  "already is never written over. The key's name (kid) is the start of its RFC 7638 thumbprint.\n",
       .options = {{"--out", "FILE", Presence::required, "the new secret key file"}},
       .run = new_key},
      {.group = "keys",
       .verb = "public",
       .summary = "print the public JWK of a secret key",
       .details = "Its \"x\" is what --root takes, --pin prints what --issuer-key takes; saved to a file, --root @FILE "
                  "takes it too.\n",
       .options = key_option("the secret key file (mode 0600), or - for standard input") +
                  OptionTable{{"--pin", "", Presence::optional, "print KID=KEY on one line"}},
       .run = public_key}};
}

}  // namespace elicense::cli
