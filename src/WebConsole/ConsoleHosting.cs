using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Settlement.WebConsole.Metrics;
using Settlement.WebConsole.Pages;
using Settlement.WebConsole.Serving;
using Settlement.WebConsole.Sessions;

namespace Settlement.WebConsole;

/// <summary>Puts the console into a host that has the gateway.</summary>
public static class ConsoleHosting
{
    private const string AntiforgeryCookie = "settlement-form";

    /// <summary>Registers the console's services.</summary>
    public static void AddConsole(this WebApplicationBuilder builder, ConsoleOptions options)
    {
        options.Validate();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<LiveMetrics>(); // other nodes' consoles show what this one measures
        if (!options.Enabled) return;
        IServiceCollection services = builder.Services;
        services.AddRazorComponents();
        // Chinese stands in the pages as it is, not as character references.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        ConsoleSession.Add(services, options);
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = AntiforgeryCookie;
            antiforgery.Cookie.Path = "/console";
            antiforgery.Cookie.HttpOnly = true;
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.SecurePolicy = options.SecureCookies ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            antiforgery.FormFieldName = "form-token";
            antiforgery.HeaderName = "X-Form-Token";
        });
        services.AddDataProtection().SetApplicationName("Settlement.WebConsole");
        // Keys in memory guard nothing that outlives them: that they are not encrypted at rest is no news then.
        if (options.KeyRing.Length == 0) builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        services.AddOptions<KeyManagementOptions>()
            .Configure<ILoggerFactory>((keys, logs) => keys.XmlRepository = options.KeyRing.Length == 0
            ? new KeysInMemory()
            : new FileSystemXmlRepository(KeyRing(options.KeyRing), logs));
        services.AddSingleton<SignedOut>();
        services.AddSingleton<PersonLinks>();
        services.AddSingleton<Gate>();
        foreach (Type pages in PageGroups) services.AddSingleton(typeof(IPages), pages);
    }

    /// <summary>The folder, for its owner's eyes only: whoever reads a key may make a session.</summary>
    private static DirectoryInfo KeyRing(string folder) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(folder)
        : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private static readonly Type[] PageGroups =
    [
        typeof(SignInPages), typeof(HomePages), typeof(AccountPages), typeof(StatementPages), typeof(CalculatorPages),
        typeof(ReconciliationPages),
        typeof(PolicyPages), typeof(OperationsPages),
    ];

    /// <summary>Maps the console's pages below <c>/console</c>; the bare address of the server leads there.</summary>
    public static void MapConsole(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<ConsoleOptions>().Enabled) return;
        // Said here, ASP.NET Core does not put it first in the pipeline: it makes services of its own for each request, which a call that
        // the gateway turns away must not pay for.
        app.UseAuthentication();
        AssetFiles.Map(app);
        Routes routes = new(app, app.Services.GetRequiredService<Gate>());
        foreach (IPages pages in app.Services.GetServices<IPages>()) pages.Map(routes);
        app.MapGet("/", (HttpContext context) => context.Response.Redirect("/console"));
    }
}
