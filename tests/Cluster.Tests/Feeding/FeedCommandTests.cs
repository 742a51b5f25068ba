using System.Text.Json;
using Settlement.Cli;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Cluster.Tests.Feeding;

/// <summary><c>settlement feed</c>: lines of JSON, and a file that keeps how far they were written.</summary>
public sealed class FeedCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("settlement-feed-").FullName;

    private string State => Path.Combine(folder, "position");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task It_goes_on_where_the_lines_ended_and_writes_again_what_it_could_not()
    {
        await using TestSilo silo = await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), "Gateway:Insecure=true"]);
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        await silo.Settlement.SettleAsync(Requests.Settle("P1", "s1", Requests.Inpatient(400_000)));

        Assert.Equal(["REGISTRATION", "SETTLEMENT"], Kinds(await RunAsync(silo, new StringWriter())));
        Assert.Equal("2", File.ReadAllText(State).Trim());
        await silo.Settlement.VoidAsync(new VoidRequest { RequestId = "v1", Person = "P1", Facility = "H1" });
        Assert.Equal("", (await RunAsync(silo, new StringWriter(), "--kind", "GRANT")).Output);
        Assert.Equal("3", File.ReadAllText(State).Trim());

        // Nobody reads the lines any more: the position stays, and they come again.
        await silo.Settlement.SettleAsync(Requests.Settle("P1", "s2", Requests.Inpatient(400_000)));
        (int code, _, string error) = await RunAsync(silo, new BrokenPipe());
        Assert.Equal(ExitCode.Environment, code);
        Assert.Contains("the lines cannot be written", error);
        Assert.Equal("3", File.ReadAllText(State).Trim());
        Assert.Equal(["SETTLEMENT"], Kinds(await RunAsync(silo, new StringWriter())));
        Assert.Equal("4", File.ReadAllText(State).Trim());

        await File.WriteAllTextAsync(State, "nonsense");
        (code, _, error) = await RunAsync(silo, new StringWriter());
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("holds no position", error);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(TestSilo silo, TextWriter lines, params string[] options)
    {
        using StringWriter error = new();
        CliHost host = new()
        {
            Out = TextWriter.Null, OpenReliedOn = () => lines, Error = error, In = TextReader.Null, Environment = _ =>
                null, Root = folder, ProgramFolder = folder,
        };
        int code = await CommandLine.RunAsync(["feed", "--once", "--server", silo.GrpcAddress, "--state", State, .. options], host);
        return (code, lines.ToString()!, error.ToString());
    }

    private static IEnumerable<string> Kinds((int Code, string Output, string Error) run)
    {
        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        return run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString()!);
    }

    /// <summary>What a program writes to that nobody reads.</summary>
    private sealed class BrokenPipe : StringWriter
    {
        public override void Flush() => throw new IOException("Broken pipe");
    }
}
