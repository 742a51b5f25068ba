namespace Settlement.Identity;

/// <summary>Whom the ledger names as origin of a request: a facility by its code, or the agency.</summary>
public static class Origins
{
    /// <summary>The agency's word; no facility may have it as code.</summary>
    public const string Agency = "AGENCY";
}
