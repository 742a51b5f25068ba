using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Settlement.Gateway;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Services;
using Settlement.Refusals;
using Settlement.WebConsole.Pages;
using Settlement.WebConsole.Sessions;
using Settlement.WebConsole.Words;

namespace Settlement.WebConsole.Serving;

/// <summary>Who may ask for a page.</summary>
internal enum Admission
{
    /// <summary>A signed-in browser.</summary>
    SignedIn,

    /// <summary>Anybody: the sign-in page.</summary>
    Anybody,
}

/// <summary>
/// What every request of a browser passes: security headers, language, session, antiforgery on every POST, and the refusal page in the
/// chosen language for whatever an operation refuses.
/// </summary>
internal sealed class Gate(IAntiforgery antiforgery, Edge edge, ConsoleOptions options, GatewayOptions gateway)
{
    private const string LanguageCookie = "settlement-language";
    private const long MaxFormBytes = 64 * 1024;
    private static readonly TimeSpan LanguageKept = TimeSpan.FromDays(365);

    /// <summary>Serves a request.</summary>
    public async Task ServeAsync(HttpContext context, Func<ConsoleRequest, Task<IResult>> page, Admission admission, bool takesFile = false)
    {
        SecurityHeaders.Add(context.Response);
        if (Language(context) is not { } text) return;
        ConsoleRequest request = new(context, null, text, "", null);
        IResult answer;
        try
        {
            // First the session: the antiforgery token is bound to it.
            Caller? caller = await ConsoleSession.IdentifyAsync(context);
            bool posted = context.Request.Method == HttpMethods.Post;
            if (caller is null && admission == Admission.SignedIn)
            {
                await ToSignIn(context, posted).ExecuteAsync(context);
                return;
            }

            IFormCollection? form = posted ? await FormAsync(context, takesFile) : null;
            request = new ConsoleRequest(context, caller, text, antiforgery.GetAndStoreTokens(context).RequestToken!, form);
            // Stored with the tokens: no-cache is not enough for pages with personal data.
            context.Response.Headers.CacheControl = "no-store";
            answer = await page(request);
        }
        catch (Exception error)
        {
            answer = RefusalPage(request, error);
        }

        await answer.ExecuteAsync(context);
    }

    private IResult RefusalPage(ConsoleRequest request, Exception error)
    {
        if (error is AntiforgeryValidationException)
            return Answers.Page<RefusalView>(
                request, new RefusalModel(
                    "FORM_EXPIRED",
                    request.Text["页面已过期或不是从本控制台提交的，请返回重试。",
                        "The form has expired, or was not sent from this console. Go back and try again."]), 400);
        if (error is BadHttpRequestException { StatusCode: 413 } or InvalidDataException)
            return Answers.Page<RefusalView>(
                request, new RefusalModel("INVALID_FIELD", request.Text["提交的内容过大或无法读取。", "What was sent is too large or cannot be read."]),
                400);
        Google.Rpc.Status status = edge.ToStatus(error, request.Http.Request.RouteValues["page"] as string ?? "console");
        string code = status.GetDetail<ErrorInfo>()?.Reason ?? ((StatusCode)status.Code).ToString();
        string message = request.Text[status.GetDetail<LocalizedMessage>()?.Message ?? status.Message, status.Message];
        return Answers.Page<RefusalView>(request, new RefusalModel(code, message), RefusalStatus.ToHttp((StatusCode)status.Code));
    }

    /// <summary>A form of a signed-out browser is not kept: it may hold personal data.</summary>
    private static IResult ToSignIn(HttpContext context, bool posted)
    {
        string back = posted || context.Request.Path == "/console"
        ? ""
        : "?back=" + Uri.EscapeDataString(context.Request.Path + context.Request.QueryString);
        return Answers.Go("/console/sign-in" + back);
    }

    private async Task<IFormCollection> FormAsync(HttpContext context, bool takesFile)
    {
        long most = takesFile ? gateway.MaxRequestBytes + MaxFormBytes : MaxFormBytes;
        if (context.Request.ContentLength > most) throw new BadHttpRequestException("The form is too large.", 413);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = most;
        await antiforgery.ValidateRequestAsync(context);
        return await context.Request.ReadFormAsync(context.RequestAborted);
    }

    /// <summary>The language of the page; null when the browser was sent to the same page with its new choice remembered.</summary>
    private Text? Language(HttpContext context)
    {
        string? chosen = context.Request.Query["lang"];
        if (chosen is not ("zh" or "en") || context.Request.Method != HttpMethods.Get)
            return Text.Of(context.Request.Cookies[LanguageCookie]);
        context.Response.Cookies.Append(LanguageCookie, chosen, new CookieOptions
        {
            Path = "/console",
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = options.SecureCookies || context.Request.IsHttps,
            MaxAge = LanguageKept,
        });
        QueryString rest = QueryString.Create(context.Request.Query.Where(pair => pair.Key != "lang"));
        context.Response.Redirect(context.Request.Path + rest);
        return null;
    }
}
