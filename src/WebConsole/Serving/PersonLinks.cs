using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Settlement.Gateway.Identity;

namespace Settlement.WebConsole.Serving;

/// <summary>
/// Person ids as they stand in addresses: sealed for the key that asked, so that neither a proxy's log nor the browser's history holds one,
/// and a link passed on opens nothing for somebody else.
/// </summary>
internal sealed class PersonLinks(IDataProtectionProvider protection)
{
    /// <summary>The sealed id.</summary>
    public string Seal(string person, Caller caller) => Of(caller).Protect(person);

    /// <summary>The id in a link, or null when it was not sealed for this caller.</summary>
    public string? Open(string link, Caller caller)
    {
        try
        {
            return Of(caller).Unprotect(link);
        }
        catch (CryptographicException)
        {
            return null; // of another key, of an ended process, or made up
        }
    }

    private IDataProtector Of(Caller caller) => protection.CreateProtector("Settlement.WebConsole.Person", caller.KeyId);
}
