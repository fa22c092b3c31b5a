#include "server/page.h"

#include <utility>

#include "server/embedded_assets.h"
#include "server/error_response.h"

namespace infinium::server {
namespace {

constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string_view content_type_of(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
  };
  for (const auto& [ending, type] : kTypes) {
    if (name.ends_with(ending)) {
      return type;
    }
  }
  return "application/octet-stream";
}

}  // namespace

Response asset_response(std::string_view name) {
  for (const Asset& asset : embedded_assets()) {
    if (asset.name != name) {
      continue;
    }
    Response response;
    response.content_type = content_type_of(name);
    response.fixed_body = asset.bytes;
    response.headers = {{"Content-Security-Policy", std::string(kContentSecurityPolicy)},
                        {"Referrer-Policy", "no-referrer"},
                        {"Cross-Origin-Opener-Policy", "same-origin"},
                        {"Cross-Origin-Resource-Policy", "same-origin"},
                        {"Cache-Control", "no-cache"}};
    return response;
  }
  return to_response(
      {.status = 404, .code = "not_found", .message = "There is nothing at this address."});
}

}  // namespace infinium::server
