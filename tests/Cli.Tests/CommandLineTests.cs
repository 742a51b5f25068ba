using Settlement.Cli.Tests.Support;

namespace Settlement.Cli.Tests;

/// <summary>What the parser takes, what it refuses, and what each command's help says.</summary>
public sealed class CommandLineTests
{
    public static TheoryData<string> Commands => new(
        "", "up", "settle", "quote", "reimburse", "reverse", "void", "correct", "account", "statement", "get-by-request", "reconcile",
        "audit", "replay", "lint", "explain", "due", "cases", "sandbox", "docs", "key", "key create", "key rotate", "key revoke",
            "key list",
        "cluster", "cluster restart", "cluster proxy-config", "ledger", "ledger periods", "ledger turn", "ledger detach", "ledger attach",
        "import", "import persons", "import contributions", "import categories", "import filings",
        "feed", "export", "export ledger", "export statements");

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_has_help_with_exit_codes(string command)
    {
        using TestHost host = new();
        int code = await host.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal(ExitCode.Ok, code);
        Golden.Equal($"help{(command.Length > 0 ? "-" : "")}{command.Replace(' ', '-')}.txt", host.Out);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("settle")]
    [InlineData("settle a b")]
    [InlineData("statement X --language fr")]
    [InlineData("correct X --take-back")]
    [InlineData("correct X --reason R")]
    [InlineData("correct X --reason R --take-back --claim F")]
    [InlineData("up --exit")]
    [InlineData("up --ledger oracle")]
    [InlineData("up --ledger postgres")]
    [InlineData("up --connection Host=x")]
    [InlineData("up --grpc here")]
    [InlineData("up --http 127.0.0.1")]
    [InlineData("cluster --silos 0")]
    [InlineData("cluster --silos 33")]
    [InlineData("cluster --ports 80")]
    [InlineData("cluster --grpc here")]
    [InlineData("cluster --insecure --grpc 0.0.0.0:5080")]
    [InlineData("cluster restart")]
    [InlineData("cluster proxy-config")]
    [InlineData("audit --ledger postgres")]
    [InlineData("feed --from yesterday")]
    [InlineData("feed --kind NONSENSE")]
    [InlineData("export ledger")]
    [InlineData("export people --out F")]
    [InlineData("ledger turn")]
    [InlineData("ledger turn 2026 --ledger postgres")]
    [InlineData("lint --on 2026-02-30")]
    [InlineData("explain")]
    [InlineData("explain no.such-parameter")]
    [InlineData("explain inpatient.ratio --language fr")]
    [InlineData("replay")]
    [InlineData("replay --pack policies")]
    [InlineData("replay --pack policies --from 2026-13-01")]
    [InlineData("replay --pack policies --from 2026-01-01 --ledger postgres")]
    [InlineData("key create")]
    [InlineData("key create --agency --facility H1")]
    [InlineData("key create --facility H1 --level SEVENTH")]
    [InlineData("key create --agency --level SEVENTH")]
    [InlineData("key create --agency --level LEVEL_1")]
    [InlineData("key create --facility H1 --division 21")]
    [InlineData("key create --facility H1 --contract-from 2026-13-01")]
    [InlineData("key create --facility H1 --contract-to 2026-01-01")]
    [InlineData("key create --facility H1 --contract-from 2026-02-01 --contract-to 2026-01-01")]
    [InlineData("key create --agency --contract-from 2026-02-01")]
    [InlineData("key create --facility H1 --scope agency")]
    [InlineData("key create --facility H1 --scope everything")]
    [InlineData("key create --facility H1 --scope 3")]
    [InlineData("key create --facility H1 --rate -1")]
    [InlineData("key create --agency --rate 5")]
    [InlineData("key create --facility H1 --expires 2026-02-30")]
    [InlineData("key create --facility H1 --certificate a.pem --certificate-dns b")]
    [InlineData("key rotate")]
    [InlineData("key rotate x --grace -1")]
    [InlineData("account P1 --cert a.pem")]
    [InlineData("up --tls-cert a.pem")]
    [InlineData("up --client-ca a.pem")]
    [InlineData("import")]
    [InlineData("import persons")]
    [InlineData("import settlements F")]
    [InlineData("import persons F --region 21")]
    [InlineData("import persons F --encoding big5")]
    [InlineData("import persons F --in-flight 0")]
    [InlineData("import persons F --in-flight 1001")]
    [InlineData("import persons F --patience -1")]
    [InlineData("due")]
    [InlineData("due NO_SUCH_MATTER")]
    [InlineData("due MATERNITY --received 2026-02-30")]
    public async Task A_command_line_that_cannot_be_read_ends_with_2_and_a_hint(string line)
    {
        using TestHost host = new();
        Assert.Equal(ExitCode.Usage, await host.RunAsync(line.Split(' ')));
        Assert.Contains("--help", host.Error);
        Assert.Empty(host.Out);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"person\": \"")]
    [InlineData("{\"person\": 01}")]
    [InlineData("[]")]
    public async Task A_request_that_is_no_json_ends_with_2_and_names_the_file(string text)
    {
        using TestHost host = new();
        string file = host.Write("request.json", text);
        Assert.Equal(ExitCode.Usage, await host.RunAsync("quote", file));
        Assert.Contains(file, host.Error);
    }

    [Fact]
    public async Task A_server_that_is_no_http_address_ends_with_2()
    {
        using TestHost host = new();
        Assert.Equal(ExitCode.Usage, await host.RunAsync("account", "P1", "--server", "localhost:5080"));
        Assert.Contains("--server 'localhost:5080'", host.Error);
    }

    [Fact]
    public async Task An_address_in_use_ends_with_3_before_a_server_is_started()
    {
        await using FakeServer other = await FakeServer.StartAsync();
        string address = new Uri(other.Address).Authority;
        using TestHost host = new();
        host.Environment["SETTLEMENT_SILO"] = typeof(CommandLineTests).Assembly.Location;
        Assert.Equal(ExitCode.Environment, await host.RunAsync("up", "--grpc", address));
        Assert.Contains($"--grpc {address} cannot be listened on", host.Error);
        Assert.False(Directory.Exists(host.Data));
    }

    [Fact]
    public async Task The_proxys_configuration_names_each_silo_by_both_its_ports()
    {
        using TestHost host = new();
        Assert.Equal(ExitCode.Ok, await host.RunAsync("cluster", "proxy-config", "a:5080:5081", "b:6080:6081", "--http", "127.0.0.1:81"));
        string[] lines = [.. host.Out.Split('\n').Select(line => line.Trim())];
        foreach (string silo in (string[])["a:5080", "a:5081", "b:6080", "b:6081"])
            Assert.Single(lines, $"server {silo} max_fails=1 fail_timeout=1s;");
        Assert.Single(lines, "listen 5080 http2;");
        Assert.Single(lines, "listen 127.0.0.1:81;");
        Assert.DoesNotContain(lines, line => line.Contains(" /tmp/") || line.StartsWith("include", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_that_of_the_containers_but_for_folders()
    {
        using TestHost host = new();
        string[] silos = ["silo-1:5080:5081", "silo-2:5080:5081", "silo-3:5080:5081"];
        Assert.Equal(
            ExitCode.Ok,
                await host.RunAsync(["cluster", "proxy-config", .. silos, "--grpc", "8080", "--http", "8081", "--log", "/dev/stdout"]));

        string folder = Path.Combine(AppContext.BaseDirectory, "nginx");
        string[] containers = [.. File.ReadLines(Path.Combine(folder, "nginx.conf")).SelectMany(line => line.Trim() == "include silos.conf;"
            ? File.ReadLines(Path.Combine(folder, "silos.compose.conf"))
            : [line.Replace(" /tmp/", " ", StringComparison.Ordinal)])];
        Assert.Equal(containers.Where(line => !line.Contains("# The upstreams")), host.Out.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("a:5080")]
    [InlineData(":5080:5081")]
    [InlineData("a:5080:http")]
    [InlineData("a:5080:99999")]
    public async Task A_silo_that_is_no_host_with_two_ports_is_refused(string silo)
    {
        using TestHost host = new();
        Assert.Equal(ExitCode.Usage, await host.RunAsync("cluster", "proxy-config", silo));
        Assert.Contains($"'{silo}' is not HOST:GRPC_PORT:HTTP_PORT", host.Error);
        Assert.Empty(host.Out);
    }

    [Fact]
    public async Task A_restart_without_a_cluster_ends_with_3()
    {
        using TestHost host = new();
        Assert.Equal(ExitCode.Environment, await host.RunAsync("cluster", "restart", "--data", host.Data));
        Assert.Contains("no cluster listens at", host.Error);
    }

    [Fact]
    public async Task A_server_program_that_is_not_there_ends_with_3()
    {
        using TestHost host = new();
        Assert.Equal(ExitCode.Environment, await host.RunAsync("up"));
        Assert.Contains("Settlement.Silo.dll", host.Error);
    }
}
