using System.Reflection;
using System.Reflection.Emit;

namespace Orleans.Runtime;

/// <summary>
/// The assembly of the classes generated for one grain interface. It may see the internals of this assembly, of the interface's and of
/// those its methods name; what it may see is settled before the first class, since the runtime reads it once.
/// </summary>
internal sealed class DynamicHouse
{
    private readonly AssemblyBuilder _assembly = AssemblyBuilder.DefineDynamicAssembly(
        new("Settlement.Compat.Orleans.Generated"), AssemblyBuilderAccess.Run);
    private readonly ModuleBuilder _module;
    private readonly ConstructorInfo _opening;
    private readonly HashSet<string> _open = [];
    private int _count;

    public DynamicHouse(IEnumerable<Type> interfaces)
    {
        _module = _assembly.DefineDynamicModule("Generated");
        _opening = DefineOpening();
        OpenTo(typeof(DynamicHouse).Assembly);
        foreach (var type in interfaces) OpenTo(type);
    }

    public TypeBuilder Define(string name, Type parent, params Type[] interfaces) =>
        _module.DefineType($"{name}.{_count++}", TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.Class, parent, interfaces);

    private void OpenTo(Type type)
    {
        OpenTo(type.Assembly);
        foreach (var method in type.GetMethods())
        {
            foreach (var parameter in method.GetParameters()) OpenToNamed(parameter.ParameterType);
            OpenToNamed(method.ReturnType);
        }
    }

    private void OpenToNamed(Type type)
    {
        OpenTo(type.Assembly);
        foreach (var argument in type.GenericTypeArguments) OpenToNamed(argument);
    }

    private void OpenTo(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        if (_open.Add(name)) _assembly.SetCustomAttribute(new CustomAttributeBuilder(_opening, [name]));
    }

    /// <summary>The runtime knows this attribute by its name; the base library does not declare it.</summary>
    private ConstructorInfo DefineOpening()
    {
        var type = _module.DefineType(
            "System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute", TypeAttributes.Public, typeof(Attribute));
        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, [typeof(string)]);
        var code = constructor.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Call, typeof(Attribute).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, Type.EmptyTypes)!);
        code.Emit(OpCodes.Ret);
        return type.CreateType().GetConstructors()[0];
    }
}
