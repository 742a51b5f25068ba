using Settlement.Contract;
using Settlement.Persons;
using Settlement.Refusals;

namespace Settlement.Peers;

/// <summary>A way to build the service, behind the same front as the product.</summary>
internal interface IPeer
{
    /// <summary>Makes ready what the peer stores in.</summary>
    Task PrepareAsync(CancellationToken cancellation);

    /// <summary>Makes a person known.</summary>
    Task<Reply<RecordResponse>> Register(RegisterRequest request);

    /// <summary>Settles one claim.</summary>
    Task<Reply<SettleAnswer>> Settle(SettleRequest request);
}
