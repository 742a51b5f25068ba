using Settlement.Persons;

namespace Settlement.Simulate;

/// <summary>One request on its way to a silo.</summary>
internal abstract class Call
{
    /// <summary>The person, and so the activation that takes it.</summary>
    public required string Person { get; init; }

    /// <summary>Position of the newest commit, asked when the request arrives.</summary>
    public required Func<long> NewestCommit { get; init; }

    /// <summary>Runs it as a turn of the activation; called once for each delivery.</summary>
    public abstract Task RunAsync(IInsuredPersonGrain grain, long committedAtDelivery);

    /// <summary>The silo does not take it, and says so.</summary>
    public abstract void Reject();
}

/// <summary>A request with its answer.</summary>
/// <typeparam name="T">What is answered.</typeparam>
internal sealed class Call<T> : Call
    where T : class
{
    /// <summary>The call on the grain.</summary>
    public required Func<IInsuredPersonGrain, Task<T>> Invoke { get; init; }

    /// <summary>
    /// Told in the turn in which the answer leaves the grain: the answer or the exception, and the newest commit when the request arrived.
    /// </summary>
    public required Action<T?, Exception?, long> Left { get; init; }

    /// <summary>Told when the silo refuses to take it.</summary>
    public required Action Rejected { get; init; }

    /// <inheritdoc/>
    public override async Task RunAsync(IInsuredPersonGrain grain, long committedAtDelivery)
    {
        T answer;
        try
        {
            answer = await Invoke(grain);
        }
        catch (Exception defect)
        {
            Left(null, defect, committedAtDelivery);
            return;
        }

        Left(answer, null, committedAtDelivery);
    }

    /// <inheritdoc/>
    public override void Reject() => Rejected();
}
