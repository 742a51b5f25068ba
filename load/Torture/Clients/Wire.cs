using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Settlement.Contract;
using Settlement.Refusals;
using Settlement.Torture.History;

namespace Settlement.Torture.Clients;

/// <summary>
/// The connections of one client, one to each silo by way of the proxy. Everything that is sent is written into the history.
/// </summary>
internal sealed class Wire : IDisposable
{
    private readonly GrpcChannel[] channels;
    private readonly HistoryFile history;
    private readonly TimeSpan deadline;

    /// <summary>Opens nothing yet.</summary>
    public Wire(IEnumerable<string> addresses, HistoryFile history, TimeSpan deadline)
    {
        (this.history, this.deadline) = (history, deadline);
        channels = [
            .. addresses.Select(static address =>
            GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = Handler(), DisposeHttpClient = true }))];
    }

    /// <summary>How many silos there are.</summary>
    public int Silos => channels.Length;

    /// <summary>Sends an operation to a silo and waits for its answer, no longer than the deadline.</summary>
    public async Task<(Attempt Attempt, IMessage? Answer)> SendAsync(Operation operation, int silo)
    {
        Attempt attempt = operation.At(silo, history.Now);
        IMessage? answer = null;
        try
        {
            answer = await CallAsync(operation, channels[silo], DateTime.UtcNow + deadline);
            attempt = Operation.Answered(attempt with { Returned = history.Now }, answer);
        }
        catch (RpcException error)
        {
            attempt = Failed(attempt with { Returned = history.Now }, error);
        }

        history.Add(attempt);
        return (attempt, answer);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (GrpcChannel channel in channels) channel.Dispose();
    }

    private static async Task<IMessage> CallAsync(Operation operation, GrpcChannel channel, DateTime deadline) => operation.Request switch
    {
        SettleRequest settle => await new Contract.Settlement.SettlementClient(channel).SettleAsync(settle, deadline: deadline),
        ReverseRequest reverse => await new Contract.Settlement.SettlementClient(channel).ReverseAsync(reverse, deadline: deadline),
        QuoteRequest quote => await new Contract.Settlement.SettlementClient(channel).QuoteAsync(quote, deadline: deadline),
        GetAccountRequest account => await new Contract.Settlement.SettlementClient(channel).GetAccountAsync(account, deadline: deadline),
        GetSettlementRequest get => await new Contract.Settlement.SettlementClient(channel).GetSettlementAsync(get, deadline: deadline),
        GetByRequestRequest ask => await new Contract.Settlement.SettlementClient(channel).GetByRequestAsync(ask, deadline: deadline),
        RegisterRequest register => await new Enrolment.EnrolmentClient(channel).RegisterAsync(register, deadline: deadline),
        RecordRequest record => await new Enrolment.EnrolmentClient(channel).RecordAsync(record, deadline: deadline),
        GrantForIllnessRequest grant => await new Agency.AgencyClient(channel).GrantForIllnessAsync(grant, deadline: deadline),
        CorrectRequest correct => await new Agency.AgencyClient(channel).CorrectAsync(correct, deadline: deadline),
        _ => throw new ArgumentException($"{operation.Request.Descriptor.Name} is no request known here.", nameof(operation)),
    };

    /// <summary>
    /// A refusal names its code. Anything else the network made, and nobody knows; but what the server calls unexpected is a defect of it.
    /// </summary>
    private static Attempt Failed(Attempt attempt, RpcException error)
    {
        string? reason = error.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason;
        if (reason is not null)
            return attempt with { Outcome = reason == RefusalCodes.OutcomeUnknown
                ? Outcome.Indeterminate
                : Outcome.Refused, Code = reason };
        bool isDefect = error.StatusCode == StatusCode.Internal
            && error.Status.Detail.Contains("failed unexpectedly", StringComparison.Ordinal);
        return attempt with { Outcome = isDefect ? Outcome.Defect : Outcome.Indeterminate, Code = error.StatusCode.ToString() };
    }

    // A connection on which nothing comes back is given up: without pings a cut would only be noticed minutes later.
    private static SocketsHttpHandler Handler() => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(1),
        KeepAlivePingDelay = TimeSpan.FromSeconds(2),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(2),
        EnableMultipleHttp2Connections = true,
        AllowAutoRedirect = false,
        UseCookies = false,
    };
}
