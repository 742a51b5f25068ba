using Microsoft.AspNetCore.Http;
using Settlement.Gateway.Identity;
using Settlement.WebConsole.Serving;
using Settlement.WebConsole.Sessions;

namespace Settlement.WebConsole.Pages;

/// <summary>Signing in with a bearer key, and out again.</summary>
internal sealed class SignInPages(CallerDirectory callers, TimeProvider time) : IPages
{
    // Twice the length of a key that was ever made.
    private const int MaxKey = 200;

    /// <inheritdoc/>
    public void Map(Routes routes)
    {
        routes.Get("/sign-in", request => Task.FromResult(Show(request, false)), Admission.Anybody);
        routes.Post("/sign-in", SignIn, Admission.Anybody);
        routes.Post("/sign-out", SignOut);
    }

    private IResult Show(ConsoleRequest request, bool failed) => Answers.Page<SignInView>(
        request,
        new SignInModel(Back(request.Field("back")), failed, callers.WithoutKey(request.Http) is not null, IsExposed(request.Http)),
        failed ? 401 : 200);

    private async Task<IResult> SignIn(ConsoleRequest request)
    {
        string key = request.Field("key");
        Caller? caller = key.Length == 0 ? callers.WithoutKey(request.Http) : key.Length <= MaxKey ? callers.WithText(key) : null;
        if (caller is null) return Show(request, true);
        await ConsoleSession.SignInAsync(request.Http, caller, time.GetUtcNow());
        return Answers.Go(Back(request.Field("back")));
    }

    private static async Task<IResult> SignOut(ConsoleRequest request)
    {
        await ConsoleSession.SignOutAsync(request.Http);
        return Answers.Go("/console/sign-in");
    }

    /// <summary>Where to go after signing in: a page of this console and nowhere else.</summary>
    private static string Back(string path) =>
        path.StartsWith("/console/", StringComparison.Ordinal)
        && !path.StartsWith("/console/sign-", StringComparison.Ordinal)
        && !path.Contains('\\')
        && !path.Contains("..", StringComparison.Ordinal)
            ? path
            : "/console";

    /// <summary>Whether a key typed here would cross a network in the clear.</summary>
    private static bool IsExposed(HttpContext context) =>
        !context.Request.IsHttps && context.Connection.RemoteIpAddress is { } address && !System.Net.IPAddress.IsLoopback(address);
}

/// <summary>What the sign-in page shows.</summary>
/// <param name="Back">Where to go after signing in.</param>
/// <param name="Failed">Whether a key was tried and is not in force.</param>
/// <param name="Insecure">Whether the gateway lets this browser act as the agency without a key.</param>
/// <param name="Exposed">Whether the way to the server is not encrypted.</param>
public sealed record SignInModel(string Back, bool Failed, bool Insecure, bool Exposed);
