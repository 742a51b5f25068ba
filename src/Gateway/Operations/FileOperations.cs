using Google.Protobuf;
using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Validation;
using Settlement.Identity;
using Settlement.Visits;

namespace Settlement.Gateway.Operations;

/// <summary>Files that facilities hand in and are given back. A facility reaches its own only.</summary>
public sealed class FileOperations(IGrainFactory grains)
{
    /// <summary>Keeps a file under the id of the message that brought it, or asked for it.</summary>
    /// <exception cref="RefusalException">REQUEST_CONFLICT: the message brought something else before. LEDGER_UNAVAILABLE.</exception>
    public async Task<FacilityFile> Put(string messageId, string name, byte[] content, Caller caller)
    {
        caller.Require(Scope.Settle | Scope.Read);
        FacilityFile file = new() { MessageId = messageId, Name = name, Content = UnsafeByteOperations.UnsafeWrap(content) };
        return SettlementOperations.Value(await File(messageId, caller).Put(new Immutable<FacilityFile>(file)));
    }

    /// <summary>A file kept before.</summary>
    /// <exception cref="RefusalException">NOT_FOUND, LEDGER_UNAVAILABLE.</exception>
    public async Task<FacilityFile> Get(string fileId, Caller caller)
    {
        caller.Require(Scope.Settle | Scope.Read);
        return SettlementOperations.Value(await File(fileId, caller).Read());
    }

    private IFacilityFileGrain File(string fileId, Caller caller)
    {
        Check.Id("fileId", fileId);
        return grains.GetGrain<IFacilityFileGrain>(FacilityKey.Of(FacilityFacts.Acting(caller, ""), fileId));
    }
}
