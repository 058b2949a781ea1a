// Writes the seeds of every target into the folder named: run by hand when a format changes (see CONTRIBUTING.md).
#include <sys/stat.h>

#include <cstdio>
#include <string>

#include "base/base64url.h"
#include "codec/base45.h"
#include "support/demo.h"

using namespace elicense;
using namespace elicense::test;

namespace {

std::string root_folder;

void write(const std::string& target, const std::string& name, std::string_view content) {
  const std::string folder = root_folder + "/" + target;
  mkdir(folder.c_str(), 0777);
  std::FILE* file = std::fopen((folder + "/" + name).c_str(), "wb");
  if (file == nullptr || std::fwrite(content.data(), 1, content.size(), file) != content.size() ||
      std::fclose(file) != 0) {
    std::perror(folder.c_str());
    std::exit(1);
  }
}

void write_codecs(const std::string& code, ByteView cose) {
  write("base45", "code", code);
  write("base45", "short", "QED8WEX0");
  write("base64", "url", base64url_encode(cose));
  write("base64", "padded", base64_encode(view_of("ab")));
  write("inflate", "code", text_of(base45_decode(code).value()));
  write("cbor", "code", text_of(cose));
  write("cbor", "kinds", text_of(from_hex("8a0120f5f6f93e00fb3ff199999999999ac1006161a2016162026163a0").value()));
  write("json", "trust-list", trust_list_claims(trust_list_content()).dump());
  write("json", "kinds", R"({"a":[1,-2,3.5,1e300,true,false,null,"\u00e9\ud83d\ude00\n"],"b":{}})");
  write("text", "name", lease_claims().name);
  write("text", "number", "370102198807151234");
  write("text", "date", "20260921");
  write("text", "iso-date", "2026-09-21");
  write("text", "status", "BDJ");
  write("text", "family", "👩‍👩‍👧e\u0301🇨🇳각");
  write("codes", "document", "3790123456789");
  write("codes", "mixed", "AB12345678CD");
}

void write_tokens(const std::string& code, ByteView cose) {
  CountingRandom random;
  const std::string licence = issue_licence(licence_envelope(), licence_data(), issuer_key(), random).value();
  const StatusArray statuses = StatusArray::pack({0, 1, 2, 17}, 8).value();
  write("jws", "trust-list", sign_trust_list(trust_list_content(), root_key()).value());
  write("possession", "dpop",
        R"({"jti":"a","htm":"POST","htu":"https://dl.example.org/token","iat":1790000000,"ath":"x","nonce":"n"})");
  write("possession", "key-proof", R"({"aud":"https://dl.example.org","iat":1790000000,"nonce":"n"})");
  write("sd_jwt", "licence", licence);
  write("sd_jwt", "payload",
        "{\"_sd_alg\":\"sha-256\",\"_sd\":[\"" +
            Disclosure::parse(base64url_encode(view_of(R"(["s","name","x"])")))->digest() +
            "\"],\"list\":[{\"...\":\"a\"},2]}\n[\"s\",\"name\",\"x\"]");
  write("trust_list", "claims", trust_list_claims(trust_list_content()).dump());
  write("status_list", "eight-bits", "\x03" + std::string(text_of(base64url_decode(statuses.encode()).value())));
  write("licence", "claims", Json(licence_data_claims(licence_data())).dump());
  write("lease", "claims", text_of(encode_lease_claims(lease_claims())));
  write("live_code", "text", code);
  write("live_code", "cose", text_of(cose));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: write_seeds FOLDER\n");
    return 2;
  }
  root_folder = arguments[1];
  const std::string code = mint(lease_claims(), kNow);
  const Bytes cose = unpack_live_code(code).value();
  write_codecs(code, cose);
  write_tokens(code, cose);
}
