namespace Settlement.Scenarios.World;

/// <summary>
/// Who comes how often: the person of rank k is drawn in proportion to 1/k. A few persons are seen all the time (dialysis, chronic
/// disease), most hardly ever.
/// </summary>
internal sealed class Zipf
{
    private readonly double[] reach;

    /// <summary>A law over so many ranks.</summary>
    public Zipf(int ranks)
    {
        reach = new double[ranks];
        double sum = 0;
        for (int rank = 0; rank < ranks; rank++) reach[rank] = sum += 1.0 / (rank + 1);
        for (int rank = 0; rank < ranks; rank++) reach[rank] /= sum;
    }

    /// <summary>The rank, from 0 on, which a number between 0 and 1 falls to.</summary>
    public int RankOf(double unit)
    {
        int found = Array.BinarySearch(reach, unit);
        return Math.Min(found < 0 ? ~found : found + 1, reach.Length - 1);
    }
}
