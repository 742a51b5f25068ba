namespace Settlement.Policy;

/// <summary>Voids of requests that never arrived.</summary>
public static class Voids
{
    /// <summary>The account after a void: nothing moves but the sequence. A person who is not registered is not registered by it.</summary>
    public static Account After(Account account, long sequence) => account.With(account.Facts, sequence);
}
