"""What a person reads, so far as a deployment chooses it."""

from typing import Annotated, TypeAlias

from pydantic import Field

from bo_panel.settings.section import Section

Word: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
Optional: TypeAlias = Annotated[str, Field(max_length=200)]


class Words(Section):
    """The words of a deployment; `config/default.toml` says where each of them stands."""

    product: Word = "bo_panel"
    root: Word = "Platform"
    user: Word = "user"
    users: Word = "users"
    users_section: Word = "Directory"
    users_subtitle: Word = "People who can sign in."
    units: Word = "Units"
    roles: Word = "Roles"
    profile_form: Word = "User Profile Form Editor"
    add_user: Word = "Add user"
    new_user: Optional = ""
    edit_user: Word = "Edit user"
    action_edit: Word = "Edit"
    action_edit_policy: Word = "Edit Policy"
    action_disable: Word = "Disable"
    action_enable: Word = "Enable"
    action_disable_enable: Word = "Disable/Enable"
    action_archive: Word = "Archive"
    action_restore: Word = "Restore"
    action_delete: Word = "Delete"
    yes_disable: Word = "Yes, disable it!"
    yes_disable_many: Word = "Yes, disable them!"
    yes_enable: Word = "Yes, enable it!"
    yes_enable_many: Word = "Yes, enable them!"
    yes_archive: Word = "Yes, archive it!"
    yes_archive_many: Word = "Yes, archive them!"
    yes_restore: Word = "Yes, restore it!"
    yes_restore_many: Word = "Yes, restore them!"
    yes_delete: Word = "Yes, delete it!"
    yes_delete_many: Word = "Yes, delete them!"
    yes_access: Word = "Yes, change it!"
    clear_cache: Word = "Clear cache"
    manage_account: Word = "Manage account"
    save: Word = "Save"
    update: Word = "Update"
    cancel: Word = "Cancel"
    actions: Word = "Actions"
    search_box: Word = "User"
    find: Word = "Find"
    home: Word = "Home unit"
    edit_column: Word = "Account"
    user_name: Word = "User name"
    password: Word = "Password"  # noqa: S105 a label
    first_name: Word = "First name"
    last_name: Word = "Last name"
    email: Word = "E-mail"
    phone: Word = "Phone"
    role: Word = "Role"
    status: Word = "Status"
    status_active: Word = "Active"
    status_disabled: Word = "Disabled"
    status_invited: Word = "Invited"
    status_archived: Word = "Archived"
    sign_in: Word = "Sign In"

    def __getitem__(self, key: str) -> str:
        """Return the word with this key, for keys that are put together (`yes_` and a move). KeyError when there is none."""
        return str(self.__dict__[key])  # where pydantic keeps the fields, and nothing else
