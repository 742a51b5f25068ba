using Settlement.Fill;

namespace Settlement.StateBench.Parts;

/// <summary>Draws persons of a plan.</summary>
internal static class Pick
{
    /// <summary>So many different persons, in a drawn order.</summary>
    public static int[] Persons(FillPlan plan, int stream, int count)
    {
        Draws draws = new(plan.Seed, stream, count);
        int[] all = [.. Enumerable.Range(0, plan.Persons)];
        for (int i = 0; i < count; i++)
        {
            int other = i + draws.Below(all.Length - i);
            (all[i], all[other]) = (all[other], all[i]);
        }

        return all[..count];
    }
}
