#include "authority/service/admin_routes.h"

namespace elicense::authority {

void add_admin_routes(Routes& routes, Service& service) {
  const auto post = [&](std::string_view path, ServiceHandler<Service> handler) {
    routes.add(HttpMethod::post, path, handler_of(service, handler));
  };
  post("/admin/licences", by_operator<admin_licences>);
  post("/admin/licence", by_operator<admin_licence>);
  post("/admin/licence/create", by_operator<admin_create_licence>);
  post("/admin/licence/change", by_operator<admin_change_licence>);
  post("/admin/licence/code", by_operator<admin_give_code>);
  post("/admin/licence/end-phone", by_operator<admin_end_phone>);
  post("/admin/licence/checks", by_operator<admin_checks>);
  post("/admin/partners", by_operator<admin_partners>);
  post("/admin/partner/put", by_operator<admin_put_partner>);
  post("/admin/partner/remove", by_operator<admin_remove_partner>);
  post("/admin/keys", by_operator<admin_keys>);
  post("/admin/keys/rotate", by_operator<admin_rotate_key>);
  post("/admin/keys/revoke", by_operator<admin_revoke_key>);
  post("/admin/status/publish", by_operator<admin_publish_status>);
  post("/admin/audit", by_operator<admin_audit>);
}

}  // namespace elicense::authority
