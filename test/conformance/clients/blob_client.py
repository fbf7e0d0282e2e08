"""What a user's program does, with Microsoft's own packages and nothing set but the environment.

Prints one JSON line. Usage: blob_client.py ACCOUNT CREDENTIAL (`secret`, `default`, or `key`: the account's, in ACCOUNT_KEY)
"""

import json
import os
import sys
from datetime import datetime, timedelta, timezone

from azure.identity import ClientSecretCredential, DefaultAzureCredential
from azure.storage.blob import BlobClient, BlobServiceClient, ContainerSasPermissions, generate_container_sas

account, kind = sys.argv[1:]
credentials = {
    "default": DefaultAzureCredential,
    "secret": lambda: ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"]
    ),
    "key": lambda: os.environ["ACCOUNT_KEY"],
}
credential = credentials[kind]()
try:
    # The storage client tries again for minutes when signing in fails: ask first.
    if kind != "key":
        credential.get_token("https://storage.azure.com/.default")
    url = f"https://{account}.blob.core.windows.net"
    service = BlobServiceClient(url, credential=credential)
    container = service.get_container_client(f"py-{kind}")
    if not container.exists():
        container.create_container()
    blob = container.get_blob_client("folder/grüße & more.txt")
    blob.upload_blob(b"hello", overwrite=True, metadata={"Name": "model"})
    start = datetime.now(timezone.utc) - timedelta(minutes=1)
    expiry = start + timedelta(hours=1)
    signer = (
        {"account_key": credential}
        if kind == "key"
        else {"user_delegation_key": service.get_user_delegation_key(start, expiry)}
    )
    sas = generate_container_sas(
        account,
        container.container_name,
        **signer,
        permission=ContainerSasPermissions(read=True),
        expiry=expiry,
    )
    by_sas = BlobClient(url, container.container_name, blob.blob_name, credential=sas)
    print(
        json.dumps(
            {
                "text": by_sas.download_blob().readall().decode(),
                "names": [found.name for found in container.list_blobs()],
                "metadata": blob.get_blob_properties().metadata,
            }
        )
    )
except Exception as error:  # the test reads what the user would be told
    print(
        json.dumps(
            {
                "name": type(error).__name__,
                "code": getattr(error, "error_code", None),
                "status": getattr(error, "status_code", None),
                "message": str(error),
            }
        )
    )
    sys.exit(1)
