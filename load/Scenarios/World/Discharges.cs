using Settlement.Contract;

namespace Settlement.Scenarios.World;

/// <summary>The settlements of a run: number n is the same whenever and by whomever it is asked for.</summary>
/// <param name="run">Prefix of every name.</param>
/// <param name="seed">Same seed, same settlements.</param>
/// <param name="population">Who comes.</param>
internal sealed class Discharges(string run, int seed, Population population)
{
    // Purposes of draws.
    private const int Who = 1;
    private const int What = 2;
    private const int Bill = 3;
    private long given;

    /// <summary>A number nobody else has.</summary>
    public long NextNumber() => Interlocked.Increment(ref given);

    /// <summary>The next settlement: a person by how often persons come, a visit by the mix.</summary>
    public SettleRequest Next() => Of(NextNumber());

    /// <summary>The settlement of a number.</summary>
    public SettleRequest Of(long number) => Of(number, population.PersonOf(Draw.Of(seed, number).For(Who)));

    /// <summary>The settlement of a number for a given person.</summary>
    public SettleRequest Of(long number, int person)
    {
        Draw draw = Draw.Of(seed, number);
        return new SettleRequest
        {
            RequestId = $"{run}-{number}",
            Person = population.Name(person),
            VisitId = $"{run}-V{number}",
            ChargeBatch = "1",
            Claim = VisitCatalogue.Claim(VisitCatalogue.Mix.Of(draw.For(What)), population.ChosenFacility(person), draw.For(Bill)),
        };
    }
}
