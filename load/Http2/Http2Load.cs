using System.Diagnostics;
using System.Net;
using System.Runtime.ExceptionServices;

namespace Settlement.Http2;

/// <summary>
/// Loads on a gRPC server that speaks HTTP/2 without TLS: a few connections, each with a thread of its own and many streams. Whatever is
/// not a call with status OK is counted and told (<see cref="LoadResult.Failures"/>).
/// </summary>
/// <param name="server">Where the server listens.</param>
/// <param name="connections">How many connections, each with a thread.</param>
public sealed class Http2Load(IPEndPoint server, int connections)
{
    /// <summary>Fields that every request carries beside gRPC's own, names in lower case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Whether an open loop ends with its span, and counts what was due and found no stream by then (<see cref="LoadResult.Unsent"/>). Else
    /// those are sent after it, so that each call due is in the figures.
    /// </summary>
    public bool LeavesUnsent { get; init; }

    /// <summary>Closed loop: a fixed number of calls in flight over all connections; each answer starts the next call.</summary>
    /// <param name="calls">Makes the calls of a connection, by its number from 0.</param>
    /// <param name="inFlight">Calls in flight, at least one a connection.</param>
    /// <param name="span">How long calls are started.</param>
    /// <exception cref="Http2Exception">No connection could be made, or the server does not take so many calls at once.</exception>
    public LoadResult RunClosed(Func<int, ICalls> calls, int inFlight, TimeSpan span) => Run(
        index => new UnaryConnection(calls(index), Headers),
        (connection, index, begin) => connection.RunClosed(Share(inFlight, index), begin, span),
        connection => connection.Result);

    /// <summary>Open loop: calls start at their scheduled times whatever the answers do; latency counts from there.</summary>
    /// <param name="calls">Makes the calls of a connection, by its number from 0.</param>
    /// <param name="rate">Calls a second over all connections.</param>
    /// <param name="seed">Which arrivals.</param>
    /// <param name="span">How long calls are started.</param>
    /// <exception cref="Http2Exception">No connection could be made.</exception>
    public LoadResult RunOpen(Func<int, ICalls> calls, double rate, int seed, TimeSpan span) => Run(
        index => new UnaryConnection(calls(index), Headers),
        (connection, index, begin) =>
            connection.RunOpen(new ArrivalSchedule(rate / connections, seed * connections + index), begin, span, LeavesUnsent),
        connection => connection.Result);

    /// <summary>Closed loop over one long stream a connection.</summary>
    /// <param name="calls">Makes the requests of a connection, by its number from 0.</param>
    /// <param name="inFlight">Requests in flight over all streams, at least one a stream.</param>
    /// <param name="span">How long requests are started.</param>
    /// <exception cref="Http2Exception">No connection could be made.</exception>
    public LoadResult RunBulk(Func<int, IBulkCalls> calls, int inFlight, TimeSpan span) => Run(
        index => new BulkConnection(calls(index), Headers),
        (connection, index, begin) => connection.Run(Share(inFlight, index), begin, span),
        connection => connection.Result);

    private int Share(int inFlight, int index) => inFlight >= connections
        ? inFlight / connections + (index < inFlight % connections ? 1 : 0)
        : throw new ArgumentOutOfRangeException(
            nameof(inFlight), inFlight, $"At least one call for each of the {connections} connections.");

    /// <summary>Opens all connections, then lets all threads begin at the same moment.</summary>
    private LoadResult Run<TConnection>(
        Func<int, TConnection> create, Action<TConnection, int, long> run, Func<TConnection, LoadResult> resultOf)
        where TConnection : Http2Connection
    {
        TConnection[] all = [.. Enumerable.Range(0, connections).Select(create)];
        try
        {
            foreach (TConnection connection in all) connection.Open(server);
            long begin = Stopwatch.GetTimestamp();
            Exception?[] errors = new Exception?[connections];
            Thread[] threads = [
                .. all.Select((connection, index) =>
                    new Thread(() => errors[index] = Caught(() => run(connection, index, begin))) { Name = $"load {index}" })];
            foreach (Thread thread in threads) thread.Start();
            foreach (Thread thread in threads) thread.Join();
            if (errors.OfType<Exception>().FirstOrDefault() is { } raised) ExceptionDispatchInfo.Throw(raised);
            LoadResult total = new();
            foreach (TConnection connection in all) total.Add(resultOf(connection));
            return total;
        }
        finally
        {
            foreach (TConnection connection in all) connection.Dispose();
        }
    }

    /// <summary>An exception on a thread of its own would end the process: it is carried to the caller.</summary>
    private static Exception? Caught(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }
}
