using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Settlement.Gateway.Identity;

namespace Settlement.WebConsole.Sessions;

/// <summary>
/// The session of a signed-in browser: a protected cookie with the public id of the key that signed in, never the key. Each request looks
/// the key up again, so that a key withdrawn ends its sessions.
/// </summary>
internal static class ConsoleSession
{
    /// <summary>Name of the authentication scheme.</summary>
    public const string Scheme = "console";

    /// <summary>Name of the cookie.</summary>
    public const string Cookie = "settlement-console";

    private const string SessionClaim = "session";
    private const string SinceClaim = "since";

    /// <summary>Registers the scheme. It is asked for by name: ASP.NET Core would else look for a cookie in every gRPC call too.</summary>
    public static void Add(IServiceCollection services, ConsoleOptions options)
    {
        AppContext.SetSwitch("Microsoft.AspNetCore.Authentication.SuppressAutoDefaultScheme", true);
        services.AddAuthentication().AddCookie(Scheme, cookie =>
        {
            cookie.Cookie.Name = Cookie;
            cookie.Cookie.Path = "/console";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            cookie.Cookie.SecurePolicy = options.SecureCookies ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            cookie.Cookie.IsEssential = true;
            cookie.ExpireTimeSpan = options.IdleTimeout;
            cookie.SlidingExpiration = true;
            cookie.Events.OnValidatePrincipal = context => Validate(context, options);
            // The handler's own redirects are never used: the gate decides where an anonymous request goes.
            cookie.Events.OnRedirectToLogin = _ => Task.CompletedTask;
        });
    }

    /// <summary>Signs a browser in for the holder of a key.</summary>
    public static Task SignInAsync(HttpContext context, Caller caller, DateTimeOffset now)
    {
        ClaimsIdentity identity = new(
            [
                new Claim(ClaimTypes.NameIdentifier, caller.KeyId),
                new Claim(SessionClaim, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))),
                new Claim(SinceClaim, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            ],
            Scheme);
        return context.SignInAsync(Scheme, new ClaimsPrincipal(identity), new AuthenticationProperties { IsPersistent = false });
    }

    /// <summary>Ends the session, also for whoever holds a copy of its cookie.</summary>
    public static Task SignOutAsync(HttpContext context)
    {
        if (context.User.FindFirstValue(SessionClaim) is { } session) context.RequestServices.GetRequiredService<SignedOut>().Add(session);
        return context.SignOutAsync(Scheme);
    }

    /// <summary>
    /// The caller of the request's session, or null when there is none. Sets the request's user, which antiforgery tokens are bound to.
    /// </summary>
    public static async Task<Caller?> IdentifyAsync(HttpContext context)
    {
        AuthenticateResult result = await context.AuthenticateAsync(Scheme);
        if (!result.Succeeded) return null;
        context.User = result.Principal;
        return KeyOf(context, result.Principal);
    }

    private static async Task Validate(CookieValidatePrincipalContext context, ConsoleOptions options)
    {
        IServiceProvider services = context.HttpContext.RequestServices;
        DateTimeOffset now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        ClaimsPrincipal user = context.Principal!;
        bool stands = long.TryParse(user.FindFirstValue(SinceClaim), NumberStyles.None, CultureInfo.InvariantCulture, out long since)
            && now < DateTimeOffset.FromUnixTimeSeconds(since) + options.SessionLength
            && user.FindFirstValue(SessionClaim) is { } session
            && !services.GetRequiredService<SignedOut>().Has(session)
            && KeyOf(context.HttpContext, user) is not null;
        if (stands) return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Scheme);
    }

    private static Caller? KeyOf(HttpContext context, ClaimsPrincipal user) =>
        user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
            ? context.RequestServices.GetRequiredService<CallerDirectory>().WithId(id)
            : null;
}
