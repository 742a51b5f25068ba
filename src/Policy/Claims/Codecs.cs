namespace Settlement.Policy;

/// <summary>Deterministic binary of a claim: equal content, equal bytes.</summary>
public static class ClaimCodec
{
    /// <summary>Encodes a claim.</summary>
    public static byte[] Encode(Claim claim) => [(byte)claim.VisitType];

    /// <summary>Decodes a claim.</summary>
    /// <exception cref="InvalidDataException">The bytes are no claim of a version this build knows.</exception>
    public static Claim Decode(ReadOnlySpan<byte> bytes) => throw new InvalidDataException("claim");
}

/// <summary>Deterministic binary of an account: equal accounts, equal bytes.</summary>
public static class AccountCodec
{
    /// <summary>Encodes an account.</summary>
    public static byte[] Encode(Account account) => [(byte)account.LastSequence];

    /// <summary>Decodes an account.</summary>
    /// <exception cref="InvalidDataException">The bytes are no account of a version this build knows.</exception>
    public static Account Decode(ReadOnlySpan<byte> bytes) => throw new InvalidDataException("account");
}
