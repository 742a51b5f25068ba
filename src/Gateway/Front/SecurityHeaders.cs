using Microsoft.AspNetCore.Http;

namespace Settlement.Gateway.Front;

/// <summary>
/// What a browser must hold to with anything the gateway answers over HTTP/1.1. A page that needs more than nothing, such as the console's,
/// sets a Content-Security-Policy of its own.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    /// <summary>Serves one request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (!HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            IHeaderDictionary headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers.CacheControl = "no-store";
            if (context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
        }

        return next(context);
    }
}
