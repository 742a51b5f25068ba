using System.CommandLine;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Settlement.Cli.Cases;
using Settlement.Cli.Client;
using Settlement.Contract;

namespace Settlement.Cli.Commands;

/// <summary><c>feed</c>: the changes of the ledger as lines of JSON, from a position on.</summary>
internal static class FeedCommand
{
    private static readonly JsonFormatter Line = new(JsonFormatter.Settings.Default);

    public static Command Create(CliHost host)
    {
        Option<long> from = new("--from") { Description = "What lies behind this position; 0: from the beginning.", HelpName = "POSITION" };
        Option<string?> state = new("--state")
        {
            Description = "Keep in this file how far the lines have been written, and go on there; --from counts when there is none yet.",
            HelpName = "FILE",
        };
        Option<bool> once = new("--once") { Description = "End with what is the newest now." };
        Option<string?> facility = new("--facility")
        {
            Description = "Only settlements at this facility, reversals of them, and requests it voided.", HelpName = "CODE",
        };
        Option<string?> region = new("--region") { Description = "Only of this region.", HelpName = "DIVISION" };
        string[] kindNames = [.. Enum.GetValues<Change.Types.Kind>().Where(kind => kind != 0).Select(WireClaim.WireName)];
        Option<string[]> kinds = new("--kind")
        {
            Description = $"Only of this kind: {string.Join(", ", kindNames)}; may be repeated.", HelpName = "KIND",
        };
        kinds.AcceptOnlyFromAmong(kindNames);
        Command command = new("feed",
            "Print the changes of the ledger as lines of JSON, each at least once, in the order of the ledger; then wait for more.")
        {
            from, state, once, facility, region, kinds,
        };
        ClientOptions client = ClientOptions.AddTo(command, hasJson: false);
        command.Validators.Add(result =>
        {
            if (result.GetResult(from)?.Tokens is [{ } token]
                && !long.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                result.AddError($"--from '{token.Value}' is no position: a whole number, 0 or more");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            PositionFile? kept = parsed.GetValue(state) is { } file ? new PositionFile(file) : null;
            FollowRequest request = new()
            {
                After = kept?.Read() ?? parsed.GetValue(from),
                Facility = parsed.GetValue(facility) ?? "",
                Region = parsed.GetValue(region) ?? "",
                Once = parsed.GetValue(once),
            };
            request.Kinds.AddRange((parsed.GetValue(kinds) ?? []).Select(WireClaim.Named<Change.Types.Kind>));
            using Connection connection = client.Open(parsed, host);
            return await connection.StreamAsync(
                options => FollowAsync(connection.Feed.Follow(request, options), host, kept, cancellation), cancellation);
        });
        return command;
    }

    private static async Task<int> FollowAsync(
        AsyncServerStreamingCall<FollowResponse> opened, CliHost host, PositionFile? kept, CancellationToken cancellation)
    {
        using AsyncServerStreamingCall<FollowResponse> call = opened;
        TextWriter lines = host.OpenReliedOn?.Invoke() ?? host.Out;
        await foreach (FollowResponse response in call.ResponseStream.ReadAllAsync(cancellation))
        {
            try
            {
                if (response.Change is { } change) lines.WriteLine(Line.Format(change));
                else lines.Flush();
            }
            catch (IOException error)
            {
                throw new CliException(ExitCode.Environment, $"the lines cannot be written: {error.Message}", error);
            }

            // Written before it is kept: what is lost in between is written again, and nothing is left out.
            if (response.Progress is { } progress) kept?.Write(progress.Position);
        }

        return ExitCode.Ok;
    }

    /// <summary>A file that holds a position.</summary>
    private sealed class PositionFile(string path)
    {
        /// <summary>The position; null when there is no file yet.</summary>
        public long? Read()
        {
            if (!File.Exists(path)) return null;
            string text = Try(() => File.ReadAllText(path)).Trim();
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long position)
                ? position
                : throw new CliException(ExitCode.Usage, $"--state {path}: holds no position");
        }

        /// <summary>Puts another position in its place, as a whole or not at all.</summary>
        public void Write(long position) => Try(() =>
        {
            using (FileStream stream = new(path + ".partial", FileMode.Create, FileAccess.Write))
            {
                stream.Write(System.Text.Encoding.ASCII.GetBytes(position.ToString(CultureInfo.InvariantCulture) + "\n"));
                stream.Flush(flushToDisk: true);
            }

            File.Move(path + ".partial", path, overwrite: true);
            return true;
        });

        private T Try<T>(Func<T> work)
        {
            try
            {
                return work();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new CliException(ExitCode.Environment, $"--state {path}: cannot be read or written: {error.Message}", error);
            }
        }
    }
}
