using Grpc.Core;
using Settlement.Cli.Client;
using Settlement.Contract;
using Settlement.Terms;

namespace Settlement.Cli.Importing;

/// <summary>Sends rows, each until its end is known: an attempt that had none is repeated under the same request id.</summary>
/// <param name="connection">The server.</param>
/// <param name="kind">Kind of the rows.</param>
/// <param name="askFirst">Ask whether a row was recorded before, and send it only if not.</param>
/// <param name="patience">Longest time for one row with all its attempts and pauses.</param>
/// <param name="clock">The clock.</param>
internal sealed class ImportCalls(Connection connection, ImportKind kind, bool askFirst, TimeSpan patience, TimeProvider clock)
{
    /// <summary>Attempts after which a row that the server fails on is left to the error file, and the others go on.</summary>
    private const int MostFailures = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Whether the server could not be asked, or gave no end, at the last attempt of any row: for those who watch.</summary>
    public bool IsWaiting => Volatile.Read(ref waiting) > 0;

    /// <summary>Whether a row was left behind that may have been recorded.</summary>
    public bool LeftUnknown { get; private set; }

    private int waiting;

    /// <summary>Sends a row.</summary>
    /// <param name="request">The row's request.</param>
    /// <param name="stop">Ends the pauses between attempts. An attempt that was begun is waited for.</param>
    /// <exception cref="CliException">No row can be sent: the server does not let this caller, or does not answer.</exception>
    /// <exception cref="OperationCanceledException">Stopped during a pause.</exception>
    public async Task<(RowEnd End, RowFault? Fault)> SendAsync(ImportRequest request, CancellationToken stop)
    {
        long? failing = null;
        bool mayBeRecorded = false;
        int failures = 0;
        TimeSpan pause = FirstPause;
        try
        {
            while (true)
            {
                Outcome outcome;
                try
                {
                    return (await IsRecordedAsync(request) ? RowEnd.AlreadyThere : await RecordAsync(request), null);
                }
                catch (RpcException error)
                {
                    outcome = Outcome.Of(error);
                }

                if (outcome.Kind == OutcomeKind.Refused) return (RowEnd.Refused, FaultOf(outcome));
                mayBeRecorded |= outcome.Kind == OutcomeKind.Unknown;
                if (IsFailure(outcome) && ++failures == MostFailures) return (RowEnd.Unknown, FaultOf(outcome));
                if (failing is null) Interlocked.Increment(ref waiting);
                failing ??= clock.GetTimestamp();
                // Half of the pause is chance, so that rows which failed together do not come back together.
                TimeSpan wait = pause * (0.5 + (Random.Shared.NextDouble() / 2));
                if (outcome.RetryAfter > wait) wait = outcome.RetryAfter;
                if (clock.GetElapsedTime(failing.Value) + wait > patience) throw Gone(outcome, mayBeRecorded);
                await Task.Delay(wait, clock, stop);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
        catch (OperationCanceledException) when (mayBeRecorded)
        {
            LeftUnknown = true;
            throw;
        }
        finally
        {
            if (failing is not null) Interlocked.Decrement(ref waiting);
        }
    }

    private async Task<bool> IsRecordedAsync(ImportRequest request)
    {
        if (!askFirst || request.Person.Length == 0) return false;
        GetByRequestRequest ask = new() { RequestId = request.Id, Person = request.Person };
        GetByRequestResponse known = await connection.Settlement.GetByRequestAsync(ask, connection.Options(CancellationToken.None));
        return known.State == GetByRequestResponse.Types.State.Settled;
    }

    private async Task<RowEnd> RecordAsync(ImportRequest request)
    {
        bool already = await request.SendAsync(connection, connection.Options(CancellationToken.None));
        return already ? RowEnd.AlreadyThere : RowEnd.Recorded;
    }

    // A defect of the server on this row, not its absence: the other rows may well be recorded.
    private static bool IsFailure(Outcome outcome) =>
        outcome.Status is StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss or StatusCode.Aborted;

    private RowFault FaultOf(Outcome outcome)
    {
        // The same would be said of every row.
        if (outcome.Status is StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.Unimplemented)
            throw outcome.ToException(connection, ExitCode.Unknown);
        string field = outcome.Facts.FirstOrDefault(fact => fact.Key == "field").Value ?? "";
        string message = outcome.Message.Length > 0 ? outcome.Message : outcome.Code;
        string chinese = outcome.MessageZh.Length > 0 ? outcome.MessageZh : message;
        return new RowFault(outcome.Code, kind.ColumnOf(field), new Term(chinese, message));
    }

    private CliException Gone(Outcome outcome, bool mayBeRecorded)
    {
        LeftUnknown |= mayBeRecorded;
        return new CliException(
            ExitCode.Environment, $"the server was busy or away for {patience.TotalSeconds:0} s ({outcome.Describe()})");
    }
}
