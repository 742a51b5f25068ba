using System.Net;
using Settlement.Cluster.Tests.Support;
using Settlement.Identity;

namespace Settlement.Cluster.Tests.WebConsole;

/// <summary>Sessions of the web console: signing in and out, cookies, forms, and what a browser is told to forbid.</summary>
public sealed class ConsoleSessionTests : IAsyncLifetime
{
    private ConsoleScene scene = null!;

    public static TheoryData<string> Pages =>
    [
        "/console", "/console/calculator", "/console/reconciliation", "/console/policies",
            "/console/policies/210100/Resident/pooled.yearly-cap",
        "/console/lint", "/console/operations", "/console/operations/live", "/console/settlements/S1", "/console/account/x",
        "/console/reconciliation/details.csv",
    ];

    public static TheoryData<string> Forms =>
        ["/console/find-person", "/console/find-settlement", "/console/calculator", "/console/calculator/results",
            "/console/reconciliation", "/console/sign-out"];

    public async Task InitializeAsync() => scene = await ConsoleScene.StartAsync();

    public async Task DisposeAsync() => await scene.DisposeAsync();

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Signed_out_every_page_leads_to_the_sign_in(string path)
    {
        using ConsoleVisitor visitor = scene.Visitor();
        using HttpResponseMessage answer = await visitor.GetAsync(path);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith("/console/sign-in", answer.Headers.Location!.OriginalString);
        Assert.Equal(path == "/console"
            ? ""
            : "?back=" + Uri.EscapeDataString(path), answer.Headers.Location.OriginalString["/console/sign-in".Length..]);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Signed_in_every_form_without_its_token_is_refused(string path)
    {
        using ConsoleVisitor visitor = await scene.SignedInAsync(scene.AgencyKey);
        using HttpResponseMessage without = await visitor.PostAsync(path, ("person", ConsoleScene.Person));
        using HttpResponseMessage wrong = await visitor.PostAsync(path, ("person", ConsoleScene.Person), ("form-token", "made-up"));

        foreach (HttpResponseMessage answer in new[] { without, wrong })
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains("FORM_EXPIRED", await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_token_of_another_session_is_refused_and_so_is_a_sign_in_without_one()
    {
        using ConsoleVisitor visitor = await scene.SignedInAsync(scene.AgencyKey);
        using ConsoleVisitor attacker = await scene.SignedInAsync(scene.FacilityKey);
        string page = await attacker.ReadAsync("/console");
        string token = page[(page.IndexOf("form-token\" value=\"", StringComparison.Ordinal) + 19)..].Split('"')[0];

        using HttpResponseMessage foreign = await visitor.PostAsync(
            "/console/find-person", ("person", ConsoleScene.Person), ("form-token", token));
        using ConsoleVisitor anonymous = scene.Visitor();
        using HttpResponseMessage blind = await anonymous.PostAsync("/console/sign-in", ("key", scene.AgencyKey));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (foreign.StatusCode, blind.StatusCode));
        Assert.DoesNotContain(anonymous.Held, cookie => cookie.Name == "settlement-console");
    }

    [Fact]
    public async Task The_cookies_are_for_the_server_alone_and_for_this_site_and_hold_no_key()
    {
        using ConsoleVisitor visitor = scene.Visitor();
        using HttpResponseMessage language = await visitor.GetAsync("/console/sign-in?lang=en");
        using HttpResponseMessage form = await visitor.GetAsync("/console/sign-in");
        using HttpResponseMessage signedIn = await visitor.SubmitAsync("/console/sign-in", "/console/sign-in", ("key", scene.AgencyKey));

        string[] cookies = [.. new[] { language, form, signedIn }.SelectMany(answer => answer.Headers.GetValues("Set-Cookie"))];
        foreach (string name in (string[])["settlement-console", "settlement-form", "settlement-language"])
        {
            string cookie = Assert.Single(cookies, cookie => cookie.StartsWith(name + "=", StringComparison.Ordinal));
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("path=/console", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(scene.AgencyKey[^20..], cookie);
        }
    }

    [Fact]
    public async Task Behind_a_proxy_that_ends_tls_the_cookies_are_for_https_only()
    {
        await using ConsoleScene secure = await ConsoleScene.StartAsync("Console:SecureCookies=true");
        using ConsoleVisitor visitor = secure.Visitor();
        using HttpResponseMessage answer = await visitor.GetAsync("/console/sign-in?lang=zh");

        Assert.Contains("secure", answer.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_wrong_key_signs_nobody_in_and_says_so()
    {
        using ConsoleVisitor visitor = scene.Visitor();
        using HttpResponseMessage answer = await visitor.SubmitAsync("/console/sign-in", "/console/sign-in", ("key", "sk_0_0"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("密钥无效", await answer.Content.ReadAsStringAsync());
        Assert.DoesNotContain(visitor.Held, cookie => cookie.Name == "settlement-console");
    }

    [Fact]
    public async Task Half_an_hour_without_a_request_ends_the_session_and_so_do_eight_hours_of_work()
    {
        using ConsoleVisitor idle = await scene.SignedInAsync(scene.AgencyKey);
        using ConsoleVisitor busy = await scene.SignedInAsync(scene.AgencyKey);
        for (int minutes = 20; minutes < 480; minutes += 20)
        {
            scene.Clock.Set($"2026-06-01T{12 + minutes / 60}:{minutes % 60:00}:00+08:00");
            await busy.ReadAsync("/console");
            if (minutes == 40) await AssertSignedOut(idle);
        }

        scene.Clock.Set("2026-06-01T20:00:01+08:00");
        await AssertSignedOut(busy);
    }

    [Fact]
    public async Task Signing_out_ends_a_copy_of_the_cookie_too()
    {
        using ConsoleVisitor visitor = await scene.SignedInAsync(scene.AgencyKey);
        using ConsoleVisitor copy = scene.Visitor();
        foreach (Cookie cookie in visitor.Held) copy.Cookies.Add(new Cookie(cookie.Name, cookie.Value, cookie.Path, cookie.Domain));
        await copy.ReadAsync("/console");

        using HttpResponseMessage answer = await visitor.SubmitAsync("/console", "/console/sign-out");

        Assert.Equal("/console/sign-in", answer.Headers.Location?.OriginalString);
        await AssertSignedOut(visitor);
        await AssertSignedOut(copy);
    }

    [Fact]
    public async Task A_key_that_is_withdrawn_ends_its_sessions()
    {
        using ConsoleVisitor withdrawn = await scene.SignedInAsync(scene.FacilityKey);
        using ConsoleVisitor kept = await scene.SignedInAsync(scene.AgencyKey);
        KeyFile file = KeyFile.Read(scene.KeyPath);
        (file with { Keys = [.. file.Keys.Where(key => key.Role == Role.Agency)] }).Write(scene.KeyPath);

        // The key file is looked at once a second.
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(50));
        HttpStatusCode seen;
        do
        {
            await pause.WaitForNextTickAsync(patience.Token);
            using HttpResponseMessage answer = await withdrawn.GetAsync("/console");
            seen = answer.StatusCode;
        }
        while (seen == HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.Redirect, seen);
        await kept.ReadAsync("/console");
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/console/")]
    [InlineData("/console/../v1")]
    [InlineData("/console\\elsewhere")]
    [InlineData("javascript:alert(1)")]
    public async Task After_the_sign_in_no_page_but_the_consoles_own_is_gone_to(string back)
    {
        using ConsoleVisitor visitor = scene.Visitor();
        using HttpResponseMessage answer = await visitor.SubmitAsync(
            "/console/sign-in", "/console/sign-in", ("key", scene.AgencyKey), ("back", back));

        Assert.Equal("/console", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Every_answer_forbids_scripts_of_others_framing_and_keeping()
    {
        using ConsoleVisitor visitor = await scene.SignedInAsync(scene.AgencyKey);
        foreach (string path in Pages.Select<object[], string>(row => (string)row[0]).Append("/console/sign-in"))
        {
            using HttpResponseMessage answer = await visitor.GetAsync(path);
            string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self'", policy);
            Assert.Contains("frame-ancestors 'none'", policy);
            Assert.DoesNotContain("unsafe", policy);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.True(answer.Headers.CacheControl!.NoStore, path);
            string page = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotContain(" style=", page);
            Assert.DoesNotContain("<script>", page);
        }
    }

    [Fact]
    public async Task A_form_that_is_too_large_is_refused_before_it_is_read()
    {
        using ConsoleVisitor visitor = await scene.SignedInAsync(scene.AgencyKey);
        using HttpResponseMessage answer = await visitor.PostAsync("/console/find-person", ("person", new string('1', 200_000)));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("INVALID_FIELD", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Gateways_that_share_a_key_ring_know_each_others_sessions_and_keep_it_to_themselves()
    {
        string ring = Path.Combine(Directory.CreateTempSubdirectory("settlement-").FullName, "ring");
        await using ConsoleScene first = await ConsoleScene.StartAsync($"Console:KeyRing={ring}");
        using ConsoleVisitor visitor = await first.SignedInAsync(first.AgencyKey);
        await using TestSilo second = await TestSilo.StartAsync(
            first.Clock, [.. await TestLedgers.SqliteAsync(), $"Gateway:KeyFile={first.KeyPath}", $"Console:KeyRing={ring}"]);
        using ConsoleVisitor there = new(second.HttpAddress);
        foreach (Cookie cookie in visitor.Held) there.Cookies.Add(new Cookie(cookie.Name, cookie.Value, cookie.Path, there.Address.Host));

        await there.ReadAsync("/console");

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(ring));
    }

    [Fact]
    public async Task Switched_off_the_console_is_not_there()
    {
        await using ConsoleScene without = await ConsoleScene.StartAsync("Console:Enabled=false");
        using ConsoleVisitor visitor = without.Visitor();
        using HttpResponseMessage answer = await visitor.GetAsync("/console");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task AssertSignedOut(ConsoleVisitor visitor)
    {
        using HttpResponseMessage answer = await visitor.GetAsync("/console");
        Assert.Equal((HttpStatusCode.Redirect, "/console/sign-in"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }
}
